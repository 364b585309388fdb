import { expect, test } from 'vitest';
import type { PlannedStep } from '../../../../../shared/plan/planned-step.js';
import type { RunEvent } from '../../../../../shared/run/events.js';
import { planned, steps } from '../../../../fakes/sample-run.js';
import { deskAfter } from '../../../../fakes/step-desk.js';

const [find] = steps.map(({ id }) => id) as [PlannedStep['id']];
const byMode = (mode: 'gate' | 'unattended'): RunEvent => ({
  type: 'mode.changed',
  mode,
  by: 'operator',
  reason: '',
});
const restore = planned('restore', { isManual: true });
const paused: RunEvent = { type: 'run.paused', by: 'operator', reason: 'waiting for word' };

test('shows what running on to the gate would start and where it stops, before it starts', async () => {
  const [first, second] = steps;
  if (first === undefined || second === undefined) {
    throw new Error('The sample plan is empty');
  }
  const { actions, asked, sent } = deskAfter([], [first, second, restore]);
  await actions.others.find(({ key }) => key === 'G')?.run();
  expect(sent).toEqual([]);
  expect(asked[0]?.lines).toEqual([first.summary, second.summary]);
  expect(asked[0]?.text).toContain('stops before “restore”');
  await asked[0]?.submit({});
  expect(sent).toEqual([{ type: 'choose-mode', mode: 'gate' }]);
});

test('does not offer to run on where a person is needed next', () => {
  expect(deskAfter([], [restore]).ids).not.toContain('mode-gate');
});

test('offers to run unattended in a drill outside production only', () => {
  expect(deskAfter([]).ids).toContain('mode-unattended');
});

test('asks for no approval while the run goes on by itself, and pauses by one press', async () => {
  const { actions, sent } = deskAfter([byMode('gate')]);
  expect(actions.primary).toBeNull();
  expect(actions.running?.label).toBe('Running by itself to the next gate');
  await actions.others.find(({ key }) => key === 'P')?.run();
  expect(sent).toEqual([{ type: 'pause', reason: '' }]);
});

test('has the way to stop beside a step that runs by itself', () => {
  const { ids, actions } = deskAfter([
    byMode('unattended'),
    { type: 'step.started', stepId: find, attempt: 1, before: null },
  ]);
  expect(actions.running?.label).toBe('Running unattended');
  expect(ids).toEqual(expect.arrayContaining(['pause-now', `stop-${find}`]));
});

test('says before which gate it stops', () => {
  const [first] = steps;
  const plan = first === undefined ? [restore] : [first, restore];
  const { actions } = deskAfter(
    [byMode('gate'), { type: 'step.started', stepId: find, attempt: 1, before: null }],
    plan,
  );
  expect(actions.then).toBe('then it stops before “restore”');
});

test('offers nothing but to continue as the next thing while it is paused, after a failure too', () => {
  expect(deskAfter([paused]).actions.primary?.id).toBe('continue-paused');
  const failed = deskAfter([
    { type: 'step.started', stepId: find, attempt: 1, before: null },
    {
      type: 'step.failed',
      stepId: find,
      error: { code: 'JOURNAL_WRITE_FAILED', message: 'no', retryable: true },
    },
    paused,
  ]);
  expect(failed.actions.primary?.id).toBe('continue-paused');
});

test('asks a person to do what is done by hand, and to say so', async () => {
  const { actions, asked } = deskAfter([], [restore]);
  expect(actions.primary?.label).toBe('Done by hand…');
  await actions.primary?.run();
  expect(asked[0]?.fields.map(({ name }) => name)).toEqual(['evidence']);
});
