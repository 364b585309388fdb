import { expect, test } from 'vitest';
import type { PlannedStep } from '../../../../../shared/plan/planned-step.js';
import type { RunEvent } from '../../../../../shared/run/events.js';
import { missingIn } from '../../../../../renderer/ui/actions/dialog-spec.js';
import { planned, steps } from '../../../../fakes/sample-run.js';
import { deskAfter } from '../../../../fakes/step-desk.js';

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
  const { actions, sent } = deskAfter(did(find, make));
  expect(actions.primary?.key).toBe('Enter');
  await actions.primary?.run();
  expect(sent).toEqual([{ type: 'approve', unit: 'cutover', typed: null, authority: null }]);
});

test('has no primary action while a step runs, but says what runs and can stop it', async () => {
  const { actions, sent } = deskAfter([
    { type: 'step.started', stepId: find, attempt: 1, before: null },
  ]);
  expect(actions.primary).toBeNull();
  expect(actions.running?.label).toContain('find');
  await actions.others.find(({ key }) => key === 'Shift+K')?.run();
  expect(sent).toEqual([{ type: 'stop', stepId: find }]);
});

test('offers only legal moves after a failure, the safest first, and one of them as the next', () => {
  const { actions, ids } = deskAfter([
    ...did(find, make, stop),
    { type: 'step.started', stepId: start, attempt: 1, before: null },
    { type: 'step.failed', stepId: start, error },
  ]);
  expect(ids.slice(0, 5)).toEqual([
    `retry-${start}-1`,
    'roll-forward',
    `undo-${start}`,
    `by-hand-${start}`,
    `skip-${start}`,
  ]);
  const all = [actions.primary, ...actions.others];
  expect(all.filter((action) => action?.tone === 'primary')).toHaveLength(1);
  expect(all.find((action) => action?.id === 'roll-forward')?.tone).toBe('normal');
});

test('leads back by Enter where a second try could only fail again, and hides no other move', async () => {
  const { actions, ids, asked } = deskAfter([
    ...did(find, make, stop),
    { type: 'step.started', stepId: start, attempt: 1, before: null },
    { type: 'step.failed', stepId: start, error: { ...error, retryable: false } },
  ]);
  expect(actions.primary).toMatchObject({ id: 'roll-forward', key: 'Enter', tone: 'primary' });
  await actions.primary?.run();
  expect(asked).toHaveLength(1);
  expect(ids.filter((id) => id === 'roll-forward')).toHaveLength(1);
  expect(actions.others.find(({ id }) => id === `retry-${start}-1`)).toMatchObject({
    key: 'R',
    tone: 'quiet',
  });
});

test('retries by Enter all the same where nothing is there to take back', () => {
  const { actions } = deskAfter([
    { type: 'step.started', stepId: find, attempt: 1, before: null },
    { type: 'step.failed', stepId: find, error: { ...error, retryable: false } },
  ]);
  expect(actions.primary).toMatchObject({ id: `retry-${find}-1`, key: 'Enter' });
});

test('offers to look before anything when the outcome is unknown', () => {
  const { actions, ids } = deskAfter([
    ...did(find),
    { type: 'step.started', stepId: make, attempt: 1, before: null },
    { type: 'step.unknown', stepId: make, reason: 'The line broke.' },
  ]);
  expect(actions.primary?.id).toBe(`look-${make}`);
  expect(ids.filter((id) => id.startsWith('settle'))).toHaveLength(3);
  expect(ids.some((id) => /^(retry|approve|skip)/.test(id))).toBe(false);
});

test('offers to look again, and asks for words, where looking could not tell', async () => {
  const { actions, asked, sent } = deskAfter([
    ...did(find),
    { type: 'step.started', stepId: make, attempt: 1, before: null },
    { type: 'step.unknown', stepId: make, reason: 'The line broke.' },
    { type: 'step.looked', stepId: make, isDone: null, facts: 'It cannot be told.' },
  ]);
  expect(actions.primary?.id).toBe(`look-${make}`);
  await actions.others.find(({ id }) => id === `settle-not-done-${make}`)?.run();
  expect(sent).toEqual([]);
  expect(asked).toHaveLength(1);
});

test('takes over what the look has shown without asking again', async () => {
  const { actions, sent } = deskAfter([
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
  const { actions, asked, sent } = deskAfter([], [drop]);
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
  const { actions, opened } = deskAfter(did(find, make, stop, start));
  await actions.primary?.run();
  expect(opened).toEqual(['verify']);
});

test('holds everything for an undo that failed: again, by hand, or passed by', () => {
  const { actions, ids } = deskAfter([
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

test('does not say that a step can be taken back where there is nothing to take back', async () => {
  const analysis = planned('analysis', { undoText: null });
  const made = planned('made');
  const pending = deskAfter([], [analysis, made]);
  expect(pending.actions.primary?.detail).toContain('nothing to take back');
  const { actions, asked } = deskAfter(did(analysis.id), [analysis, made]);
  await actions.others.find(({ id }) => id === 'undo-analysis')?.run();
  expect(asked[0]?.text).toContain('Nothing on the target is changed');
  expect(deskAfter([], [made]).actions.primary?.detail).toContain('can be taken back');
});
