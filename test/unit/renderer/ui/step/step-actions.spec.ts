import { expect, test } from 'vitest';
import type { PlannedStep } from '../../../../../shared/plan/planned-step.js';
import type { RunCommand } from '../../../../../shared/run/commands.js';
import type { RunEvent } from '../../../../../shared/run/events.js';
import { emptyRun, reduce } from '../../../../../shared/run/reduce.js';
import type { DialogSpec } from '../../../../../renderer/ui/actions/dialog-spec.js';
import { missingIn } from '../../../../../renderer/ui/actions/dialog-spec.js';
import { stepActions } from '../../../../../renderer/ui/step/step-actions.js';
import { planned, readyToExecute, runId, steps } from '../../../../fakes/sample-run.js';

function setUp(events: readonly RunEvent[], plan: readonly PlannedStep[] = steps) {
  const run = [...readyToExecute(plan), ...events].reduce(
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
  const sent: RunCommand[] = [];
  const asked: DialogSpec[] = [];
  const opened: string[] = [];
  const actions = stepActions(
    {
      run,
      send: (command) => {
        sent.push(command);
        return Promise.resolve();
      },
      look: () => Promise.resolve(),
      ask: (dialog) => {
        asked.push(dialog);
      },
      copy: () => Promise.resolve(),
      openStage: (stage) => {
        opened.push(stage);
      },
    },
    'execute',
  );
  const ids = [actions.primary, ...actions.others].flatMap((action) => action?.id ?? []);
  return { actions, ids, sent, asked, opened };
}

const [find, make, stop, start] = steps.map(({ id }) => id) as [
  PlannedStep['id'],
  PlannedStep['id'],
  PlannedStep['id'],
  PlannedStep['id'],
];

function did(...ids: PlannedStep['id'][]): RunEvent[] {
  return ids.flatMap((stepId): RunEvent[] => [
    { type: 'step.started', stepId, attempt: 1, before: null },
    { type: 'step.succeeded', stepId, summary: '', wasAlready: false },
  ]);
}

const error = { code: 'JOURNAL_WRITE_FAILED', message: 'no', retryable: true };

test('approves a cutover as one, by one press', async () => {
  const { actions, sent } = setUp(did(find, make));
  expect(actions.primary?.key).toBe('Enter');
  await actions.primary?.run();
  expect(sent).toEqual([{ type: 'approve', unit: 'cutover', typed: null, authority: null }]);
});

test('has no primary action while a step runs, but says what runs and can stop it', async () => {
  const { actions, sent } = setUp([
    { type: 'step.started', stepId: find, attempt: 1, before: null },
  ]);
  expect(actions.primary).toBeNull();
  expect(actions.running?.label).toContain('find');
  await actions.others.find(({ key }) => key === 'Shift+K')?.run();
  expect(sent).toEqual([{ type: 'stop', stepId: find }]);
});

test('offers only legal moves after a failure, retry first and roll forward among them', () => {
  const { actions, ids } = setUp([
    ...did(find, make, stop),
    { type: 'step.started', stepId: start, attempt: 1, before: null },
    { type: 'step.failed', stepId: start, error },
  ]);
  expect(actions.primary?.id).toBe(`retry-${start}-1`);
  expect(ids).toEqual(expect.arrayContaining([`undo-${start}`, 'roll-forward', `skip-${start}`]));
});

test('offers to look before anything when the outcome is unknown', () => {
  const { actions, ids } = setUp([
    ...did(find),
    { type: 'step.started', stepId: make, attempt: 1, before: null },
    { type: 'step.unknown', stepId: make, reason: 'The line broke.' },
  ]);
  expect(actions.primary?.id).toBe(`look-${make}`);
  expect(ids.filter((id) => id.startsWith('settle'))).toHaveLength(3);
  expect(ids.some((id) => /^(retry|approve|skip)/.test(id))).toBe(false);
});

test('takes over what the look has shown without asking again', async () => {
  const { actions, sent } = setUp([
    ...did(find),
    { type: 'step.started', stepId: make, attempt: 1, before: null },
    { type: 'step.unknown', stepId: make, reason: 'The line broke.' },
    { type: 'step.looked', stepId: make, isDone: true, facts: 'It exists.' },
  ]);
  await actions.primary?.run();
  expect(sent).toEqual([{ type: 'settle', stepId: make, as: 'done', evidence: 'It exists.' }]);
});

test('asks for version and environment, letter by letter, before what cannot be taken back', async () => {
  const drop = planned('drop', { risk: 'destroy', isReversible: false });
  const { actions, asked, sent } = setUp([], [drop]);
  expect(actions.primary?.tone).toBe('danger');
  await actions.primary?.run();
  expect(sent).toEqual([]);
  const [dialog] = asked;
  expect(missingIn(dialog?.fields ?? [], { version: 'v1.1', host: 'staging' })).not.toBeNull();
  expect(missingIn(dialog?.fields ?? [], { version: 'v1.1.0', host: 'staging' })).toBeNull();
  await dialog?.submit({ version: 'v1.1.0', host: 'staging' });
  expect(sent).toEqual([
    {
      type: 'approve',
      unit: 'drop',
      typed: { version: 'v1.1.0', host: 'staging' },
      authority: null,
    },
  ]);
});

test('leads on to Verify once nothing is left to execute', async () => {
  const { actions, opened } = setUp(did(find, make, stop, start));
  await actions.primary?.run();
  expect(opened).toEqual(['verify']);
});

test('holds everything for an undo that failed: again, by hand, or passed by', () => {
  const { actions, ids } = setUp([
    ...did(find, make),
    { type: 'roll-forward.requested', reason: 'no', by: 'operator' },
    { type: 'undo.started', stepId: make },
    { type: 'undo.failed', stepId: make, error },
  ]);
  expect(actions.primary?.id).toBe(`retry-undo-${make}`);
  expect(ids).toEqual(
    expect.arrayContaining([`settle-undo-by-hand-${make}`, `settle-undo-passed-by-${make}`]),
  );
});
