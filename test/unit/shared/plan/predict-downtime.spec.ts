import { expect, test } from 'vitest';
import { predictDowntime, rangeInWords } from '../../../../shared/plan/predict-downtime.js';

test('a restore in place is reckoned from how long the backup takes to be read, the swap is not', () => {
  expect(predictDowntime(12)).toEqual({
    inPlace: { fromSeconds: 60, toSeconds: 180 },
    beside: { fromSeconds: 1, toSeconds: 5 },
  });
});

test('even the smallest backup takes its programs to start', () => {
  expect(predictDowntime(0.01).inPlace).toEqual({ fromSeconds: 2, toSeconds: 4 });
});

test.each([
  [{ fromSeconds: 1, toSeconds: 4.2 }, '1 s to 5 s'],
  [{ fromSeconds: 17, toSeconds: 51 }, '20 s to 60 s'],
  [{ fromSeconds: 95, toSeconds: 285 }, '2 min to 5 min'],
  [{ fromSeconds: 3_000, toSeconds: 9_000 }, '50 min to 3 h'],
])('%j is told as %s', (range, words) => {
  expect(rangeInWords(range)).toBe(words);
});
