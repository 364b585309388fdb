import { isCounted } from '../../shared/plan/foresight.js';
import type { ForeseenChange, Foresight } from '../../shared/plan/foresight.js';
import { count } from '../text/format.js';

/** What the operator had set and will not have afterwards: the worst that a comparison can find. */
export function lostOf(all: readonly Foresight[]): readonly ForeseenChange[] {
  return all.flatMap(({ changes }) => changes.filter(({ because }) => because === 'lost'));
}

/** Of settings and of data apart: that no setting is lost must never be read as that of rows. */
export function differencesInWords(all: readonly Foresight[]): string {
  const of = (about: Foresight['about']) => all.filter((foresight) => foresight.about === about);
  const [settings, data] = [of('settings'), of('data')];
  return [
    ...(settings.length === 0 ? [] : [settingsInWords(settings)]),
    ...(data.length === 0 ? [] : [dataInWords(data)]),
  ].join(' ');
}

/** "This replaces data: 3 tables with another number of rows or no exact count, 5 with as many as now." */
function dataInWords(all: readonly Foresight[]): string {
  if (!isCounted(all)) {
    return 'This replaces data, and what it takes away was not counted.';
  }
  const other = all.reduce((sum, { changes }) => sum + changes.length, 0);
  const same = all.reduce((sum, { carried }) => sum + carried.length, 0);
  return `This replaces data: ${count(other, 'table')} with another number of rows or no exact count, ${String(same)} with as many as now.`;
}

/** "6 differences: 1 not carried, 4 from the new version, 1 for the way back." */
function settingsInWords(all: readonly Foresight[]): string {
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
