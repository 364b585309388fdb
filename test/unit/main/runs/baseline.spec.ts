import { expect, test } from 'vitest';
import { LEAST_REQUESTS, errorRatePercent } from '../../../../main/runs/baseline.js';

test('speaks of no error rate before there is something to speak of', () => {
  expect(errorRatePercent(1, 1)).toBeNull();
  expect(errorRatePercent(LEAST_REQUESTS - 1, LEAST_REQUESTS - 1)).toBeNull();
  expect(errorRatePercent(3, LEAST_REQUESTS)).toBe(30);
});
