import { newestFirst } from '../newest-first.js';
import type { Target } from './target.js';

export type Suggestion = { readonly target: Target; readonly why: string };

/**
 * Which version to go back to, and why: the one that is kept as the one of before, the next lower version number where versions are numbered, else the newest
 * one made before what serves. Null when the list does not tell: then only the operator can.
 */
export function suggestTarget(targets: readonly Target[]): Suggestion | null {
  const serving = targets.find(({ isServing }) => isServing);
  if (serving === undefined) {
    return null;
  }
  const others = targets.filter(({ isServing, problem }) => !isServing && problem === undefined);
  const isNumbered = numbersOf(serving.version) !== null;
  // An older image with a higher number is what somebody has already turned away from.
  const unnumbered = others.filter(({ version }) => !isNumbered || numbersOf(version) === null);
  return keptAsPrevious(others) ?? byNumber(others, serving) ?? byAge(unnumbered, serving);
}

function keptAsPrevious(others: readonly Target[]): Suggestion | null {
  const target = others.find(({ isPrevious }) => isPrevious === true);
  return target === undefined
    ? null
    : { target, why: 'what the engine keeps as the specification of before' };
}

function byNumber(others: readonly Target[], serving: Target): Suggestion | null {
  const now = numbersOf(serving.version);
  if (now === null) {
    return null;
  }
  const lower = others
    .flatMap((target) => {
      const numbers = numbersOf(target.version);
      return numbers !== null && compare(numbers, now) < 0 ? [{ target, numbers }] : [];
    })
    .toSorted((left, right) => compare(right.numbers, left.numbers));
  const target = lower[0]?.target;
  return target === undefined
    ? null
    : { target, why: `the highest version below ${serving.version}, which serves now` };
}

function byAge(others: readonly Target[], serving: Target): Suggestion | null {
  const than = serving.createdAt;
  const [target] = others
    .filter(({ createdAt }) => createdAt !== null && than !== null && createdAt < than)
    .toSorted(newestFirst);
  return target === undefined
    ? null
    : { target, why: `the newest one made before ${serving.version}, which serves now` };
}

type Numbers = readonly [number, number, number];

/** Of `v1.2.3` or `1.2.3`. A pre-release is nothing to suggest by itself. */
function numbersOf(version: string): Numbers | null {
  const match = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?$/.exec(version);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

function compare(left: Numbers, right: Numbers): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
