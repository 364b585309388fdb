import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../shared/run/events.js';
import { clockJump, overdueOf, SILENCE_SECONDS } from '../../../../shared/run/overdue.js';
import { emptyRun, reduce } from '../../../../shared/run/reduce.js';
import type { Moment, RunState } from '../../../../shared/run/state.js';
import { planned, readyToExecute, runId } from '../../../fakes/sample-run.js';
import { StepId } from '../../../../shared/plan/planned-step.js';

const session = '11111111-1111-4111-8111-111111111111';
const stepId = StepId.parse('make');

function at(seconds: number, wallSeconds = seconds): Moment {
  return {
    at: new Date(Date.UTC(2026, 10, 23) + wallSeconds * 1_000).toISOString(),
    monotonicMs: seconds * 1_000,
    session,
  };
}

function runningSince(seconds: number, ...later: readonly [RunEvent, number][]): RunState {
  const plan = [planned('make', { estimateSeconds: 5, deadlineSeconds: 100 })];
  const begun: [RunEvent, number][] = [
    ...readyToExecute(plan).map((event): [RunEvent, number] => [event, 0]),
    [{ type: 'step.started', stepId, attempt: 1, before: null }, seconds],
    ...later,
  ];
  return begun
    .map(([event, second], seq) => {
      const moment = at(second);
      return { v: 1 as const, runId, seq, prev: '0'.repeat(64), ...moment, event };
    })
    .reduce(reduce, emptyRun);
}

test('asks nothing while a step speaks and keeps its time', () => {
  expect(overdueOf(runningSince(10), at(90), at(89))).toBeNull();
});

test('asks about a step that is past its deadline, and only once', () => {
  const overdue = overdueOf(runningSince(10), at(111), at(110));
  expect(overdue).toEqual({ type: 'step.overdue', stepId, what: 'deadline', seconds: 101 });
  const asked = runningSince(10, [overdue as RunEvent, 111]);
  expect(overdueOf(asked, at(500), null)).toBeNull();
});

test('asks about a step that has said nothing since it began', () => {
  expect(overdueOf(runningSince(10), at(11 + SILENCE_SECONDS), null)).toMatchObject({
    what: 'silence',
  });
});

test('does not count what an earlier step said last as this one’s silence', () => {
  expect(overdueOf(runningSince(300), at(310), at(1))).toBeNull();
});

test('counts the deadline anew from when the operator chose to go on waiting', () => {
  const waiting = runningSince(
    10,
    [{ type: 'step.overdue', stepId, what: 'deadline', seconds: 101 }, 111],
    [{ type: 'step.kept-waiting', stepId, by: 'operator' }, 120],
  );
  expect(overdueOf(waiting, at(219), at(218))).toBeNull();
  expect(overdueOf(waiting, at(221), at(220))).toMatchObject({ what: 'deadline', seconds: 211 });
});

test('says that the clock jumped when wall and monotonic time part, either way', () => {
  expect(clockJump(at(0), at(1, 601))).toEqual({
    type: 'clock.jumped',
    wallSeconds: 601,
    monotonicSeconds: 1,
  });
  expect(clockJump(at(0, 100), at(1, 40))).toMatchObject({ wallSeconds: -60 });
  expect(clockJump(at(0), at(1))).toBeNull();
});
