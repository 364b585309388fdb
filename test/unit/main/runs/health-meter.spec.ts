import { expect, test } from 'vitest';
import { HealthMeter } from '../../../../main/runs/health-meter.js';
import type { HealthChange } from '../../../../main/runs/health-meter.js';
import type { Sighting } from '../../../../main/runs/prober.js';

function seen(
  state: Sighting['state'],
  sentAtMs: number,
  arrivedAtMs: number = sentAtMs + 5,
): Sighting {
  return { state, detail: state, status: null, milliseconds: null, sentAtMs, arrivedAtMs };
}

function changes(...sightings: readonly Sighting[]): [HealthChange['to'], number][] {
  const meter = new HealthMeter();
  return sightings.flatMap((sighting): [HealthChange['to'], number][] => {
    const change = meter.see(sighting);
    return change === null ? [] : [[change.to, change.sinceMonotonicMs]];
  });
}

test('counts down from the first unanswered request to the arrival of the next answer', () => {
  expect(
    changes(seen('serving', 0), seen('down', 40), seen('down', 80), seen('serving', 120, 150)),
  ).toEqual([
    ['serving', 5],
    ['down', 40],
    ['serving', 150],
  ]);
});

test('dates the end by the answer that came first, though an earlier request was answered later', () => {
  expect(
    changes(
      seen('serving', 0),
      seen('down', 40),
      seen('serving', 1_060, 1_065),
      seen('serving', 80, 1_070),
      seen('down', 120, 2_120),
    ),
  ).toEqual([
    ['serving', 5],
    ['down', 40],
    ['serving', 1_065],
  ]);
});

test('does not call a service down for a request that hung while others were answered', () => {
  expect(changes(seen('serving', 0), seen('serving', 80), seen('down', 40, 2_040))).toEqual([
    ['serving', 5],
  ]);
});

test('does not call a service healthy that fails every other request', () => {
  const flapping = [0, 1, 2, 3, 4, 5].map((turn) =>
    seen(turn % 2 === 0 ? 'unhealthy' : 'serving', turn * 1_000),
  );
  expect(changes(...flapping)).toEqual([['unhealthy', 5]]);
});

test('calls it healthy after three good answers in a row, from the first of them', () => {
  expect(
    changes(
      seen('unhealthy', 0),
      seen('serving', 1_000),
      seen('serving', 2_000),
      seen('serving', 3_000),
    ),
  ).toEqual([
    ['unhealthy', 5],
    ['serving', 1_005],
  ]);
});

test('while the host that asks is away nothing is measured, and that is not counted as down', () => {
  expect(
    changes(
      seen('serving', 0),
      seen('not-measured', 40),
      seen('not-measured', 80),
      seen('serving', 120, 150),
    ),
  ).toEqual([
    ['serving', 5],
    ['not-measured', 40],
    ['serving', 150],
  ]);
});
