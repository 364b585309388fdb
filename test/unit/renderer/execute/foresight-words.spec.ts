import { expect, test } from 'vitest';
import { differencesInWords } from '../../../../renderer/execute/foresight-words.js';
import type { ForeseenChange, Foresight } from '../../../../shared/plan/foresight.js';

const seen = (...reasons: readonly ForeseenChange['because'][]): Foresight => ({
  title: 'web ↔ web-next',
  changes: reasons.map((because, index) => ({
    ...{ what: `setting ${String(index)}`, from: null, to: 'x', because },
  })),
  carried: [],
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

test('no difference at all is said too', () => {
  expect(differencesInWords([seen()])).toBe('No difference was found.');
});
