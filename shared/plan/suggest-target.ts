import type { Target } from './target.js';

export type Suggestion = { readonly target: Target; readonly why: string };

/** Which version to go back to, and why. Null when the list does not tell: then only the operator can. */
export function suggestTarget(targets: readonly Target[]): Suggestion | null {
  const serving = targets.find(({ isServing }) => isServing);
  const older = targets
    .filter(({ isServing }) => !isServing)
    .filter((target) => isOlder(target, serving))
    .toSorted((left, right) => (right.createdAt ?? '').localeCompare(left.createdAt ?? ''));
  const [target] = older;
  if (target === undefined || serving === undefined) {
    return null;
  }
  return { target, why: `the newest one made before ${serving.version}, which serves now` };
}

function isOlder(target: Target, serving: Target | undefined): boolean {
  const [made, than] = [target.createdAt, serving?.createdAt ?? null];
  return made !== null && than !== null && made < than;
}
