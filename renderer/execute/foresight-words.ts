import type { ForeseenChange, Foresight } from '../../shared/plan/foresight.js';
import { count } from '../text/format.js';

/** What the operator had set and will not have afterwards: the worst that a comparison can find. */
export function lostOf(all: readonly Foresight[]): readonly ForeseenChange[] {
  return all.flatMap(({ changes }) => changes.filter(({ because }) => because === 'lost'));
}

/** "6 differences: 1 not carried, 4 from the new version, 1 for the way back." */
export function differencesInWords(all: readonly Foresight[]): string {
  const changes = all.flatMap((foresight) => foresight.changes);
  if (changes.length === 0) {
    return 'No difference was found.';
  }
  const lost = lostOf(all).length;
  const parts = [
    lost === 0 ? 'nothing that was set is lost' : `${String(lost)} not carried`,
    ...reasons.flatMap(({ because, words }) => {
      const many = changes.filter((change) => change.because === because).length;
      return many === 0 ? [] : [`${String(many)} ${words}`];
    }),
  ];
  return `${count(changes.length, 'difference')}: ${parts.join(', ')}.`;
}

const reasons = [
  { because: 'target', words: 'from the new version' },
  { because: 'console', words: 'for the way back' },
] as const satisfies readonly {
  readonly because: ForeseenChange['because'];
  readonly words: string;
}[];
