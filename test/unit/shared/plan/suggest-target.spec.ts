import { expect, test } from 'vitest';
import { suggestTarget } from '../../../../shared/plan/suggest-target.js';
import type { Target } from '../../../../shared/plan/target.js';

function made(version: string, day: number, isServing = false): Target {
  return {
    id: `sha256:${version}`,
    version,
    names: [`service:${version}`],
    createdAt: `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`,
    sizeBytes: null,
    digest: null,
    isServing,
  };
}

test('suggests the next lower version, not the newest image', () => {
  const targets = [
    made('nightly', 21),
    made('v1.9.0', 3),
    made('v1.10.0', 2),
    made('v1.11.0', 20, true),
  ];
  expect(suggestTarget(targets)?.target.version).toBe('v1.10.0');
});

test('never suggests a higher version', () => {
  expect(suggestTarget([made('v2.0.0', 1), made('v1.0.0', 20, true)])).toBeNull();
});

test('goes by age where versions are not numbered', () => {
  const targets = [made('blue', 21), made('green', 3), made('red', 2), made('live', 20, true)];
  expect(suggestTarget(targets)).toMatchObject({
    target: { version: 'green' },
    why: 'the newest one made before live, which serves now',
  });
});

test('suggests nothing when it is not known what serves', () => {
  expect(suggestTarget([made('v1.0.0', 1)])).toBeNull();
});

test('suggests nothing when nothing is older', () => {
  expect(suggestTarget([made('v1.1.0', 21), made('v1.0.0', 20, true)])).toBeNull();
});
