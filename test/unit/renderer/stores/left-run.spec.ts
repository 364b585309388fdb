import { expect, test } from 'vitest';
import { asLeft } from '../../../../renderer/stores/left-run.js';
import { foldEvents, readyToExecute, steps } from '../../../fakes/sample-run.js';

test('shows what was under way as unknown and what was approved as waiting', () => {
  const ids = steps.map(({ id }) => id);
  const run = foldEvents([
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
  const run = foldEvents(readyToExecute());
  expect(asLeft(run)).toEqual(run);
});
