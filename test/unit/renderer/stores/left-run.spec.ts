import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../shared/run/events.js';
import { emptyRun, reduce } from '../../../../shared/run/reduce.js';
import { asLeft } from '../../../../renderer/stores/left-run.js';
import { readyToExecute, runId, steps } from '../../../fakes/sample-run.js';

function fold(events: readonly RunEvent[]) {
  return events.reduce(
    (state, event, seq) =>
      reduce(state, {
        v: 1,
        runId,
        seq,
        prev: '0'.repeat(64),
        at: '2026-11-23T12:00:00.000Z',
        monotonicMs: seq,
        session: '22222222-2222-4222-8222-222222222222',
        event,
      }),
    emptyRun,
  );
}

test('shows what was under way as unknown and what was approved as waiting', () => {
  const ids = steps.map(({ id }) => id);
  const run = fold([
    ...readyToExecute(),
    {
      type: 'unit.approved',
      unit: 'find',
      stepIds: ids.slice(0, 3),
      by: 'operator',
      typed: null,
      authority: null,
    },
    { type: 'step.started', stepId: ids[0]!, attempt: 1, before: null },
  ]);
  expect(run.steps.map(({ status }) => status).slice(0, 3)).toEqual([
    'running',
    'approved',
    'approved',
  ]);
  expect(
    asLeft(run)
      .steps.map(({ status }) => status)
      .slice(0, 3),
  ).toEqual(['unknown', 'pending', 'pending']);
});

test('changes nothing about a run in which nothing was under way', () => {
  const run = fold(readyToExecute());
  expect(asLeft(run)).toEqual(run);
});
