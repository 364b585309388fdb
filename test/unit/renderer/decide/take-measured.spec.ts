import { expect, test } from 'vitest';
import { offeredBeside, takeMeasured } from '../../../../renderer/decide/take-measured.js';
import { noEvidence } from '../../../../shared/decision/no-evidence.js';

const at = '2025-01-15T12:00:00.000Z';
const typed = { value: 40, source: 'typed', detail: '', at } as const;
const live = { value: 34, source: 'live', detail: '12 of 35 failed', at } as const;

test('fills a number that is not known, and renews a measured one', () => {
  expect(takeMeasured(noEvidence, live)).toEqual({ errorRatePercent: live });
  expect(takeMeasured({ ...noEvidence, errorRatePercent: live }, live)).not.toBeNull();
});

test('never replaces what a person typed, but offers the measured number beside it', () => {
  expect(takeMeasured({ ...noEvidence, errorRatePercent: typed }, live)).toBeNull();
  expect(offeredBeside(typed, live)).toBe(live);
});

test('offers nothing where both say the same or nothing was measured', () => {
  expect(offeredBeside({ ...typed, value: 34 }, live)).toBeNull();
  expect(offeredBeside(typed, null)).toBeNull();
});
