import { expect, test } from 'vitest';
import { createReloadPolicy } from '../../../../main/app/reload-policy.js';

test('loads a page anew a few times in a row, then gives up', () => {
  let monotonicMs = 0;
  const next = createReloadPolicy({
    monotonicMs: () => monotonicMs,
    maxReloads: 2,
    withinMs: 1_000,
  });
  expect([next(), next(), next()]).toEqual(['reload', 'reload', 'give-up']);
  monotonicMs = 1_000;
  expect(next()).toBe('reload');
});
