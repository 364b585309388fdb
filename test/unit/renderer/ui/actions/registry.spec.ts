import { expect, test, vi } from 'vitest';
import { AppError } from '../../../../../shared/errors/app-error.js';
import type { Action } from '../../../../../renderer/ui/actions/action.js';
import {
  DOUBLE_PRESS_MS,
  createActionRegistry,
} from '../../../../../renderer/ui/actions/registry.js';

function action(id: string, change: Partial<Action> = {}): Action {
  return { id, label: `Do ${id}`, key: 'Enter', tone: 'primary', run: () => undefined, ...change };
}

function setUp(primary: Action, others: readonly Action[] = []) {
  const registry = createActionRegistry();
  registry.getState().setStage({ primary, others });
  return registry;
}

test('does not send an action again whose request is on its way', async () => {
  let answer = (): void => undefined;
  const run = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const approve = action('approve', { run });
  const registry = setUp(approve);
  const sent = registry.getState().perform(approve);
  await registry.getState().perform(approve);
  expect(run).toHaveBeenCalledTimes(1);
  expect(registry.getState().inFlight.has('approve')).toBe(true);
  answer();
  await sent;
  void registry.getState().perform(approve);
  expect(run).toHaveBeenCalledTimes(2);
});

test('does not let the second half of a double press act on what the first half brought up', () => {
  const next = vi.fn();
  const registry = setUp(action('first'));
  registry.getState().press('Enter', 1_000, true);
  registry.getState().setStage({ primary: action('next', { run: next }), others: [] });
  registry.getState().press('Enter', 1_000 + DOUBLE_PRESS_MS - 1, true);
  expect(next).not.toHaveBeenCalled();
  registry.getState().press('Enter', 3_000, true);
  expect(next).toHaveBeenCalledTimes(1);
});

test('leaves Enter to the control that has the focus', () => {
  const run = vi.fn();
  const registry = setUp(action('approve', { run }));
  expect(registry.getState().press('Enter', 1_000, false)).toBe(false);
  expect(run).not.toHaveBeenCalled();
});

test('leaves all keys to the dialog while one is open', () => {
  const run = vi.fn();
  const registry = setUp(action('approve', { run }), [action('skip', { key: 'S', run })]);
  registry.getState().ask({ title: 'Why?', fields: [], confirm: 'Go', submit: () => undefined });
  expect(registry.getState().press('S', 1_000, true)).toBe(false);
  expect(registry.getState().press('Enter', 2_000, true)).toBe(false);
  expect(run).not.toHaveBeenCalled();
});

test('says why an action is not possible instead of doing it', async () => {
  const run = vi.fn();
  const held = action('complete', { run, refusal: 'Still open: backup taken.' });
  const registry = setUp(held);
  await registry.getState().perform(held);
  expect(run).not.toHaveBeenCalled();
  expect(registry.getState().refusal).toBe('Still open: backup taken.');
});

test('keeps a failure with the words of its button until it is dismissed', async () => {
  const failing = action('approve', {
    run: () => Promise.reject(new AppError('JOURNAL_WRITE_FAILED', 'No space left.')),
  });
  const registry = setUp(failing);
  await registry.getState().perform(failing);
  expect(registry.getState().failure).toMatchObject({
    label: 'Do approve',
    error: { code: 'JOURNAL_WRITE_FAILED', message: 'No space left.' },
  });
  registry.getState().dismiss();
  expect(registry.getState().failure).toBeNull();
});

test('puts the actions of a run that is only read in place of the stage’s', () => {
  const approve = vi.fn();
  const resume = vi.fn();
  const registry = setUp(action('approve', { run: approve }));
  registry.getState().setOverride({ primary: action('continue', { run: resume }), others: [] });
  registry.getState().press('Enter', 1_000, true);
  expect(resume).toHaveBeenCalledTimes(1);
  expect(approve).not.toHaveBeenCalled();
});

test('lets the stage’s key win over the frame’s', () => {
  const stage = vi.fn();
  const frame = vi.fn();
  const registry = setUp(action('go', { key: '1', run: stage }));
  registry.getState().setFrame([action('open', { key: '1', run: frame })]);
  registry.getState().press('1', 1_000, true);
  expect(stage).toHaveBeenCalledTimes(1);
  expect(frame).not.toHaveBeenCalled();
});
