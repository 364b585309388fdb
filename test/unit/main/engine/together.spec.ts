import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import { EngineWorld } from '../../../fakes/engine-world.js';
import { planned, readyToExecute } from '../../../fakes/sample-run.js';

const plan = ['one', 'two', 'three'].map((id) => planned(id, { unit: 'cutover' }));
const id = (name: string) => StepId.parse(name);

/** Three steps that are one piece of detached work, and one behind them that never begins. */
function world(): EngineWorld {
  const made = new EngineWorld(readyToExecute([...plan, planned('last')]));
  for (const step of plan) {
    made.runner.detached.add(step.id);
  }
  return made;
}

async function approve({ engine }: EngineWorld): Promise<void> {
  await engine.dispatch({ type: 'approve', unit: 'cutover', typed: null, authority: null });
  await engine.idle();
}

const statuses = ({ engine }: EngineWorld) =>
  engine.state.steps.slice(0, 3).map(({ status }) => status);

test('steps that are one piece of work are announced together, before the first of them begins', async () => {
  const made = world();
  const onDisk: string[][] = [];
  made.runner.onAct = () => {
    onDisk.push(made.types().filter((type) => type.startsWith('step.started')));
    return Promise.resolve();
  };
  await approve(made);
  expect(onDisk[0]).toEqual(['step.started one', 'step.started two', 'step.started three']);
  expect(statuses(made)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('what stands behind one that failed was not begun: it waits again, and nothing of it is taken back', async () => {
  const made = world();
  made.runner.failures.set('two', {
    when: 'before',
    error: new AppError('STEP_SCRIPT_FAILED', 'no'),
  });
  await approve(made);
  expect(statuses(made)).toEqual(['succeeded', 'failed', 'pending']);
  expect(made.engine.state.steps[2]).toMatchObject({
    attempt: 0,
    summary: 'the one before it failed',
  });
  await made.engine.dispatch({ type: 'roll-forward', reason: 'enough' });
  await made.engine.idle();
  expect(made.runner.undos).toEqual(['two', 'one']);
});

test('a retry goes on where it failed, as work of its own, and keeps the first snapshot of what had begun', async () => {
  const made = world();
  made.runner.failures.set('two', {
    when: 'after',
    error: new AppError('STEP_SCRIPT_FAILED', 'no'),
  });
  await approve(made);
  const first = made.engine.state.steps[1]?.before;
  made.runner.world.set('two', false);
  await made.engine.dispatch({ type: 'retry', stepId: id('two') });
  await made.engine.idle();
  expect(statuses(made)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(made.runner.acts).toEqual(['one', 'two', 'two', 'three']);
  expect(made.engine.state.steps[1]?.before).toEqual(first);
  expect(made.runner.jobs.size).toBe(2);
});

test('a line that is lost leaves every step without an end unknown, and each is looked at', async () => {
  const made = world();
  made.runner.failures.set('two', { when: 'after', error: new AppError('HOST_LINE_LOST', 'gone') });
  made.runner.onAct = (stepId) => {
    made.runner.isBlind = stepId === 'two';
    return Promise.resolve();
  };
  await approve(made);
  expect(statuses(made)).toEqual(['succeeded', 'unknown', 'unknown']);
  expect(made.engine.state.steps.slice(1, 3).map(({ looked }) => looked)).toEqual([
    { isDone: null, facts: 'Nobody answers.' },
    { isDone: null, facts: 'Nobody answers.' },
  ]);
});

test('a crash in the middle leaves every step that was announced unknown, and none begins again by itself', async () => {
  const made = world();
  made.runner.onAct = (stepId) =>
    stepId === 'two' ? new Promise(() => undefined) : Promise.resolve();
  await made.engine.dispatch({ type: 'approve', unit: 'cutover', typed: null, authority: null });
  await expect.poll(() => made.runner.acts).toEqual(['one', 'two']);
  made.restart();
  await made.engine.resume('operator', '0.0.0');
  await made.engine.idle();
  expect(statuses(made)).toEqual(['succeeded', 'unknown', 'unknown']);
  expect(made.runner.acts).toEqual(['one', 'two']);
});

test('asking any of them to stop stops the whole work', async () => {
  const made = world();
  made.runner.onAct = (_stepId, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  await made.engine.dispatch({ type: 'approve', unit: 'cutover', typed: null, authority: null });
  await expect.poll(() => made.engine.state.steps[2]?.status).toBe('running');
  await made.engine.dispatch({ type: 'stop', stepId: id('three') });
  await made.engine.idle();
  // Which of them was cut off is not known; those behind it never began.
  expect(statuses(made)).toEqual(['unknown', 'pending', 'pending']);
});

test('a journal that cannot be written in the middle loses no end', async () => {
  const made = world();
  made.runner.onAct = (stepId) => {
    made.journal.refusals = stepId === 'two' ? 3 : 0;
    return Promise.resolve();
  };
  await approve(made);
  expect(made.halts).toContain('JOURNAL_WRITE_FAILED');
  expect(statuses(made)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('a roll forward that comes in while they are looked at keeps all of them from beginning', async () => {
  const made = world();
  made.runner.onCapture = (stepId) =>
    stepId === 'three'
      ? made.engine.dispatch({ type: 'roll-forward', reason: 'stop everything' })
      : Promise.resolve();
  await approve(made);
  expect(made.runner.acts).toEqual([]);
  expect(made.engine.state.phase).toBe('rolled-forward');
});
