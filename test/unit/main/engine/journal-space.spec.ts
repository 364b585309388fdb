import { expect, test } from 'vitest';
import { spaceForRun, spacePromisedBy } from '../../../../main/engine/journal-space.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { chained } from '../../../fakes/chained.js';
import { planned, readyToExecute } from '../../../fakes/sample-run.js';

const STEPS = 200;
const by = 'operator';
const error = { code: 'DOCKER_REFUSED', message: 'x'.repeat(500), retryable: true };
const said = 'y'.repeat(400);

/** Everything that can go wrong with one step goes wrong, and then it is taken back at the second attempt. */
function worstOf(stepId: StepId): RunEvent[] {
  const before = { kept: 'b'.repeat(4_096) };
  return [
    { type: 'unit.approved', unit: stepId, stepIds: [stepId], by, typed: null, authority: by },
    { type: 'step.started', stepId, attempt: 1, before },
    { type: 'step.overdue', stepId, what: 'silence', seconds: 60 },
    { type: 'step.kept-waiting', stepId, by },
    { type: 'step.failed', stepId, error },
    { type: 'unit.approved', unit: stepId, stepIds: [stepId], by, typed: null, authority: by },
    { type: 'step.started', stepId, attempt: 2, before },
    { type: 'step.unknown', stepId, reason: said },
    { type: 'step.looked', stepId, isDone: null, facts: said },
    { type: 'step.settled', stepId, as: 'done', evidence: said, by },
    { type: 'undo.requested', stepId, by },
    { type: 'undo.started', stepId },
    { type: 'undo.failed', stepId, error },
    { type: 'undo.requested', stepId, by },
    { type: 'undo.started', stepId },
    { type: 'undo.succeeded', stepId, summary: said },
  ];
}

function bytesOf(events: readonly RunEvent[]): number {
  return Buffer.byteLength(chained(events).join('\n'));
}

test('keeps room for the longest run in which every step fails, is unknown and is taken back', () => {
  const ids = Array.from({ length: STEPS }, (_, index) => StepId.parse(`step-${String(index)}`));
  const plan = ids.map((id) => planned(id));
  const around: RunEvent[] = Array.from({ length: 180 }, (_, index) => ({
    type: 'watch.sampled',
    sample: {
      atSeconds: index * 10,
      serving: 'serving',
      status: 200,
      milliseconds: 12.34,
      cpuPercent: 12.34,
      memoryBytes: 123_456_789,
      restarts: 0,
      newErrorLines: 0,
    },
  }));
  const notes: RunEvent[] = Array.from({ length: 50 }, () => ({
    type: 'note.added',
    text: said,
    by,
  }));
  const events = [...readyToExecute(plan), ...ids.flatMap(worstOf), ...around, ...notes];
  expect(bytesOf(events)).toBeLessThan(spaceForRun(STEPS));
  // The figure that the comment in journal-space.ts gives, so that it stays true.
  expect(Math.ceil(bytesOf(worstOf(ids[0]!)) / 1_024)).toBe(16);
});

test('asks for the room when the rollback is ordered, before anything is touched', () => {
  expect(spacePromisedBy(readyToExecute())).toBe(spaceForRun(5));
  expect(spacePromisedBy([{ type: 'note.added', text: 'a', by }])).toBeNull();
});
