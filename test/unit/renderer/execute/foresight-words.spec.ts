import { expect, test } from 'vitest';
import { differencesInWords } from '../../../../renderer/execute/foresight-words.js';
import { carriedInWords } from '../../../../shared/plan/foresight.js';
import type { ForeseenChange, Foresight } from '../../../../shared/plan/foresight.js';

const seen = (...reasons: readonly ForeseenChange['because'][]): Foresight => ({
  about: 'settings',
  title: 'web ↔ web-next',
  changes: reasons.map((because, index) => ({
    ...{ what: `setting ${String(index)}`, from: null, to: 'x', because },
  })),
  carried: [],
  obstacles: [],
  warnings: [],
});

test('what will differ is counted in one line, what is not carried first', () => {
  expect(differencesInWords([seen('target', 'target', 'console', 'lost')])).toBe(
    '4 differences: 1 not carried, 2 from the new version, 1 for the way back.',
  );
});

test('that nothing is lost is said, and several containers are counted together', () => {
  expect(differencesInWords([seen('target'), seen('target')])).toBe(
    '2 differences: nothing that was set is lost, 2 from the new version.',
  );
});

test('rows that are replaced are never said to be kept, nor what nobody counted to be the same', () => {
  const data: Foresight = { ...seen('rows', 'rows'), about: 'data', carried: ['public.settings'] };
  expect(differencesInWords([data])).toBe(
    'This replaces data: 2 tables with another number of rows or no exact count, 1 with as many as now.',
  );
  expect(differencesInWords([seen('target'), { ...seen(), about: 'data' }])).toBe(
    '1 difference: nothing that was set is lost, 1 from the new version. This replaces data, and what it takes away was not counted.',
  );
  expect(carriedInWords(data)).toContain('maybe others: public.settings');
});

test('no difference at all is said too', () => {
  expect(differencesInWords([seen()])).toBe('No difference was found.');
});
