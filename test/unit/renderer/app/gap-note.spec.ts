import { expect, test } from 'vitest';
import { gapNote } from '../../../../renderer/app/gap-note.js';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import { emptyRun, reduce } from '../../../../shared/run/reduce.js';
import { readyToExecute, runId, steps } from '../../../fakes/sample-run.js';

const beganMs = Date.parse('2026-11-23T12:00:00.000Z');

/** One record a second, unless it is said when. */
function noteAfter(...events: readonly (RunEvent | readonly [RunEvent, number])[]): string | null {
  let second = 0;
  const records = [...readyToExecute(steps), ...events].map((each, seq): RunRecord => {
    const [event, wait] = 'type' in each ? [each, 1] : each;
    second += wait;
    return {
      v: 1,
      runId,
      seq,
      prev: '0'.repeat(64),
      at: new Date(beganMs + second * 1_000).toISOString(),
      monotonicMs: second * 1_000,
      session: '22222222-2222-4222-8222-222222222222',
      event,
    };
  });
  return gapNote(records.reduce(reduce, emptyRun), records);
}

const [find] = steps.map(({ id }) => id) as [(typeof steps)[number]['id']];
const slept: RunEvent = { type: 'clock.jumped', wallSeconds: 611, monotonicSeconds: 10 };
const resumed: RunEvent = { type: 'run.resumed', operator: 'operator', appVersion: '0.0.0' };
const began: RunEvent = { type: 'step.started', stepId: find, attempt: 1, before: null };
const ended: RunEvent = { type: 'step.succeeded', stepId: find, summary: '', wasAlready: false };

test('says how long nobody looked because the machine slept', () => {
  expect(noteAfter(slept)).toContain('Nobody looked for 10:01');
});

test('says how long the console was away', () => {
  expect(noteAfter([resumed, 130])).toBe('Nobody looked for 2:10: the console was away.');
});

test('says the newer of two gaps', () => {
  expect(noteAfter(slept, [resumed, 130])).toContain('2:10');
  expect(noteAfter([resumed, 130], slept)).toContain('10:01');
});

test('says nothing any more once a step has ended after it', () => {
  expect(noteAfter(slept, began)).not.toBeNull();
  expect(noteAfter(slept, began, ended)).toBeNull();
});

test('tells a clock that was set back from a stretch without a look', () => {
  const setBack: RunEvent = { type: 'clock.jumped', wallSeconds: -50, monotonicSeconds: 10 };
  expect(noteAfter(setBack)).toContain('set back');
});

test('says nothing where nothing was missed', () => {
  expect(noteAfter(began)).toBeNull();
});
