import { expect, test } from 'vitest';
import { Foreseen } from '../../../../main/steps/foreseen.js';
import type { Foresight } from '../../../../shared/plan/foresight.js';

const loss: Foresight = { about: 'data', title: 'rows', changes: [], carried: [], warnings: [] };

test('what was shown for an approval is kept for the step it was about, and for as long as it is fresh', () => {
  let now = 1_000;
  const foreseen = new Foreseen(() => now);
  expect(foreseen.keep('restore', loss)).toBe(loss);

  now += 29_999;
  expect(foreseen.of('restore')).toBe(loss);
  expect(foreseen.of('swap')).toBeNull();
  now += 1;
  expect(foreseen.of('restore')).toBeNull();
});

test('a newer answer takes the place of the one before, also where there is nothing to say any more', () => {
  const foreseen = new Foreseen(() => 0);
  foreseen.keep('restore', loss);
  expect(foreseen.keep('restore', null)).toBeNull();
  expect(foreseen.of('restore')).toBeNull();
});
