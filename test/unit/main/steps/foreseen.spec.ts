import { expect, test } from 'vitest';
import { Foreseen } from '../../../../main/steps/foreseen.js';
import { recordedLoss } from '../../../../main/steps/postgres/foresee-loss.js';
import type { Foresight } from '../../../../shared/plan/foresight.js';

const loss: Foresight = {
  about: 'data',
  title: 'rows',
  changes: [],
  carried: [],
  obstacles: [],
  warnings: [],
};

test('what was shown for an approval is kept for the step it was about, and said to be fresh for half a minute', () => {
  let now = 1_000;
  const foreseen = new Foreseen(() => now);
  expect(foreseen.keep('restore', loss)).toBe(loss);

  now += 29_999;
  expect(foreseen.of('restore')).toEqual({ foresight: loss, isFresh: true });
  expect(foreseen.of('swap')).toBeNull();
  now += 1;
  expect(foreseen.of('restore')).toEqual({ foresight: loss, isFresh: false });
});

test('a newer answer takes the place of the one before, also where there is nothing to say any more', () => {
  const foreseen = new Foreseen(() => 0);
  foreseen.keep('restore', loss);
  expect(foreseen.keep('restore', null)).toBeNull();
  expect(foreseen.of('restore')).toBeNull();
});

test.each([
  { isFresh: true, mayBeOld: false, recorded: 'as shown' },
  { isFresh: false, mayBeOld: false, recorded: 'counted once more' },
  { isFresh: false, mayBeOld: true, recorded: 'as shown' },
])(
  'a loss that was shown (fresh: $isFresh, may be old: $mayBeOld) is recorded $recorded',
  async ({ isFresh, mayBeOld, recorded }) => {
    const shown = { foresight: { ...loss, warnings: ['as shown'] }, isFresh };
    const context = { foreseen: shown, signal: new AbortController().signal };
    const again = { ...loss, warnings: ['counted once more'] };
    const counted = await recordedLoss(context, () => Promise.resolve(again), { mayBeOld });
    expect(counted).toEqual([recorded]);
  },
);
