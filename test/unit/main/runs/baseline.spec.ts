import { expect, test } from 'vitest';
import { LEAST_REQUESTS, errorRatePercent, kindsOf } from '../../../../main/runs/baseline.js';

test('speaks of no error rate before there is something to speak of', () => {
  expect(errorRatePercent(1, 1)).toBeNull();
  expect(errorRatePercent(LEAST_REQUESTS - 1, LEAST_REQUESTS - 1)).toBeNull();
  expect(errorRatePercent(3, LEAST_REQUESTS)).toBe(30);
});

test('lines that differ only in their moments, numbers and ids are one kind', () => {
  const kinds = kindsOf([
    '2026-11-25T14:01:25.467Z ERROR tick 17: the database is not reachable',
    '2026-11-25T14:01:25.968Z ERROR tick 18: the database is not reachable',
    '2026-11-25T15:02:26+01:00 ERROR tick 19: the database is not reachable',
    '2026-11-25 14:02:26,118 FATAL out of memory at 0x7ffd',
  ]);

  expect(kinds).toEqual([
    '# ERROR tick #: the database is not reachable',
    '# FATAL out of memory at #',
  ]);
});
