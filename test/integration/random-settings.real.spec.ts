import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { combinations } from '../fidelity/combination.js';
import type { Lane } from '../fidelity/combination.js';
import { closeLane, openLane, tryCombination } from '../fidelity/try-combination.js';
import { newPlace } from './docker-procedure.js';

/** `npm run test:fidelity` tries more, and others. */
const runs = Number(process.env['LASTGOOD_FIDELITY_RUNS'] ?? 8);
const seed = Number(process.env['LASTGOOD_FIDELITY_SEED'] ?? 2_027);
const beside = Math.min(runs, 4);
/** Far more than one needs, for a machine that is busy. */
const patienceMs = 60_000 + runs * 30_000;

const lanes = Array.from({ length: beside }, (_, at): Lane => {
  const { name } = newPlace(0);
  return { name, subnet: `172.31.${String(90 + at)}`, firstPort: 29_600 + at * 10 };
});

describe.concurrent('any combination of settings is carried, and taken back', () => {
  beforeAll(() => Promise.all(lanes.map((lane) => openLane(lane))), patienceMs);
  afterAll(() => Promise.all(lanes.map((lane) => closeLane(lane))), patienceMs);

  test.each(lanes.map((lane, at) => ({ lane, at })))(
    'as the engine itself shows it ($at)',
    async ({ lane, at }) => {
      const numRuns = Math.floor((runs + at) / beside);
      await fc.assert(
        fc.asyncProperty(combinations(lane), (drawn) => tryCombination(lane, drawn)),
        {
          seed: seed + at,
          numRuns,
          endOnFailure: process.env['LASTGOOD_FIDELITY_SMALLEST'] === undefined,
        },
      );
    },
    patienceMs,
  );
});
