import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import { EngineWorld } from '../../../fakes/engine-world.js';
import { planned, readyToExecute } from '../../../fakes/sample-run.js';

const id = (name: string) => StepId.parse(name);
const approve = (unit: string) =>
  ({ type: 'approve', unit, typed: null, authority: null }) as const;

const approval = {
  type: 'unit.approved',
  by: 'operator',
  typed: null,
  authority: null,
} as const;

async function upTo(...units: string[]): Promise<EngineWorld> {
  const world = new EngineWorld(readyToExecute());
  for (const unit of units) {
    await world.engine.dispatch(approve(unit));
    await world.engine.idle();
  }
  return world;
}

test('runs nothing until it is approved', async () => {
  const world = await upTo();
  expect(world.runner.acts).toEqual([]);
});

test('runs every step of a cutover on one approval and then waits', async () => {
  const world = await upTo('find', 'make', 'cutover');
  expect(world.runner.acts).toEqual(['find', 'make', 'stop', 'start']);
  expect(world.engine.state.phase).toBe('executing');
});

test('completes the rollback when the last check has passed', async () => {
  const world = await upTo('find', 'make', 'cutover', 'check');
  expect(world.engine.state.phase).toBe('completed');
  expect(world.types().at(-1)).toBe('rollback.completed');
});

test('has the record on disk before it acts', async () => {
  const world = await upTo('find');
  let onDisk: string[] = [];
  world.runner.onAct = () => {
    onDisk = world.types();
    return Promise.resolve();
  };
  await world.engine.dispatch(approve('make'));
  await world.engine.idle();
  expect(onDisk.at(-1)).toBe('step.started make');
});

test('does nothing twice when two approvals come at the same instant', async () => {
  const world = await upTo();
  const both = await Promise.allSettled([
    world.engine.dispatch(approve('find')),
    world.engine.dispatch(approve('find')),
  ]);
  await world.engine.idle();
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(world.runner.acts).toEqual(['find']);
});

test('records a state that is already there and touches nothing', async () => {
  const world = await upTo('find');
  world.runner.world.set('make', true);
  await world.engine.dispatch(approve('make'));
  await world.engine.idle();
  expect(world.runner.acts).toEqual(['find']);
  expect(world.engine.state.steps[1]).toMatchObject({ status: 'succeeded', wasAlready: true });
});

test('halts the rest of a cutover when one of its steps fails', async () => {
  const world = await upTo('find', 'make');
  const error = new AppError('STEP_KIND_UNKNOWN', 'no');
  world.runner.failures.set('stop', { when: 'before', error });
  await world.engine.dispatch(approve('cutover'));
  await world.engine.idle();
  expect(world.engine.state.steps.map(({ status }) => status)).toEqual([
    'succeeded',
    'succeeded',
    'failed',
    'pending',
    'pending',
  ]);
});

test('calls an outcome unknown when the line was lost in the middle, and looks', async () => {
  const world = await upTo('find');
  world.runner.failures.set('make', { when: 'after', error: new Error('socket hang up') });
  await world.engine.dispatch(approve('make'));
  await world.engine.idle();
  expect(world.engine.state.steps[1]).toMatchObject({
    status: 'unknown',
    looked: { isDone: true, facts: 'on' },
  });
  expect(world.runner.acts).toEqual(['find', 'make']);
});

test('after a crash in the middle of a step does nothing until asked, and then says unknown', async () => {
  const world = await upTo('find');
  world.runner.onAct = () => new Promise(() => undefined);
  await world.engine.dispatch(approve('make'));
  await expect.poll(() => world.runner.acts.length).toBe(2);
  world.restart();
  expect(world.engine.state.steps[1]?.status).toBe('running');
  await world.engine.resume('operator', '0.0.0');
  await world.engine.idle();
  expect(world.engine.state.steps[1]?.status).toBe('unknown');
  expect(world.runner.acts).toEqual(['find', 'make']);
});

test('an approval does not outlive the session it was given in', async () => {
  const world = await upTo('find', 'make');
  world.runner.onAct = () => new Promise(() => undefined);
  await world.engine.dispatch(approve('cutover'));
  await expect.poll(() => world.runner.acts.length).toBe(3);
  world.restart();
  await world.engine.resume('operator', '0.0.0');
  await world.engine.dispatch({
    type: 'settle',
    stepId: id('stop'),
    as: 'done',
    evidence: 'it is down',
  });
  await world.engine.idle();
  expect(world.runner.acts).toEqual(['find', 'make', 'stop']);
  expect(world.engine.state.steps[3]?.status).toBe('pending');
});

test('rolls forward newest first and leaves alone what never started', async () => {
  const world = await upTo('find', 'make');
  world.runner.failures.set('start', {
    when: 'after',
    error: new AppError('STEP_KIND_UNKNOWN', 'no'),
  });
  await world.engine.dispatch(approve('cutover'));
  await world.engine.idle();
  await world.engine.dispatch({ type: 'roll-forward', reason: 'it does not start' });
  await world.engine.idle();
  expect(world.runner.undos).toEqual(['start', 'stop', 'make']);
  expect(world.engine.state.phase).toBe('rolled-forward');
  expect(world.runner.world.get('make')).toBe(false);
});

test('a failed undo holds until it is retried', async () => {
  const world = await upTo('find', 'make', 'cutover');
  world.runner.failures.set('undo stop', {
    when: 'before',
    error: new AppError('STEP_KIND_UNKNOWN', 'no'),
  });
  await world.engine.dispatch({ type: 'roll-forward', reason: 'changed my mind' });
  await world.engine.idle();
  expect(world.runner.undos).toEqual(['start', 'stop']);
  expect(world.engine.state.phase).toBe('rolling-forward');
  await world.engine.dispatch({ type: 'retry-undo', stepId: id('stop') });
  await world.engine.idle();
  expect(world.runner.undos).toEqual(['start', 'stop', 'stop', 'make']);
  expect(world.engine.state.phase).toBe('rolled-forward');
});

test('stops a running step on request and calls its outcome unknown', async () => {
  const world = await upTo('find');
  world.runner.onAct = (_stepId, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  await world.engine.dispatch(approve('make'));
  await expect.poll(() => world.engine.state.steps[1]?.status).toBe('running');
  await world.engine.dispatch({ type: 'stop', stepId: id('make') });
  await world.engine.idle();
  expect(world.engine.state.steps[1]?.status).toBe('unknown');
});

test('touches nothing while the journal cannot be written, says so, and goes on when it can', async () => {
  const world = await upTo('find');
  await world.engine.dispatch(approve('make'));
  world.journal.refusals = 3;
  await world.engine.idle();
  expect(world.halts).toEqual([
    'JOURNAL_WRITE_FAILED',
    'JOURNAL_WRITE_FAILED',
    'JOURNAL_WRITE_FAILED',
    null,
  ]);
  expect(world.runner.acts).toEqual(['find', 'make']);
  expect(world.engine.state.steps[1]?.status).toBe('succeeded');
});

test('refuses a command that cannot be written and changes nothing', async () => {
  const world = await upTo('find');
  world.journal.refusals = 1;
  await expect(world.engine.dispatch(approve('make'))).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
  });
  await world.engine.idle();
  expect(world.runner.acts).toEqual(['find']);
});

test('a roll forward that comes in before an approved step has begun keeps it from beginning', async () => {
  const world = await upTo('find', 'make');
  const approval = world.engine.dispatch(approve('cutover'));
  const forward = world.engine.dispatch({ type: 'roll-forward', reason: 'stop everything' });
  await Promise.all([approval, forward]);
  await world.engine.idle();
  expect(world.runner.acts).not.toContain('stop');
  expect(world.engine.state.phase).toBe('rolled-forward');
});

test('a roll forward that comes in while a step is being prepared keeps it from beginning', async () => {
  const world = await upTo('find', 'make');
  world.runner.onCapture = (stepId) =>
    stepId === 'stop'
      ? world.engine.dispatch({ type: 'roll-forward', reason: 'stop everything' })
      : Promise.resolve();
  await world.engine.dispatch(approve('cutover'));
  await world.engine.idle();
  expect(world.types()).not.toContain('step.started stop');
  expect(world.runner.acts).toEqual(['find', 'make']);
  expect(world.engine.state.phase).toBe('rolled-forward');
});

test('what was approved but had not begun when the console ended does not begin by itself', async () => {
  const world = new EngineWorld([
    ...readyToExecute(),
    { ...approval, unit: 'find', stepIds: [id('find')] },
  ]);
  await world.engine.resume('operator', '0.0.0');
  await world.engine.idle();
  expect(world.runner.acts).toEqual([]);
  expect(world.engine.state.steps[0]?.status).toBe('pending');
});

test('a step with an unknown outcome is not taken back before it has been seen', async () => {
  const world = await upTo('find');
  world.runner.onAct = () => new Promise(() => undefined);
  await world.engine.dispatch(approve('make'));
  await expect.poll(() => world.runner.acts.length).toBe(2);
  world.restart();
  await world.engine.resume('operator', '0.0.0');
  world.runner.isBlind = true;
  await world.engine.dispatch({ type: 'roll-forward', reason: 'not today' });
  await world.engine.idle();
  expect(world.runner.undos).toEqual([]);
  expect(world.engine.state.steps[1]).toMatchObject({
    status: 'unknown',
    looked: { isDone: null },
  });

  world.runner.isBlind = false;
  await world.engine.look('make');
  await world.engine.idle();
  expect(world.runner.undos).toEqual(['make']);
});

test('does not wait to see what there is nothing to take back of', async () => {
  const plan = [planned('make'), planned('post', { repeatable: false, undoText: null })];
  const world = new EngineWorld(readyToExecute(plan));
  await world.engine.dispatch(approve('make'));
  await world.engine.idle();
  world.runner.cannotTell.add('post');
  world.runner.failures.set('post', { when: 'after', error: new Error('socket hang up') });
  await world.engine.dispatch(approve('post'));
  await world.engine.idle();
  expect(world.engine.state.steps[1]).toMatchObject({
    status: 'unknown',
    looked: { isDone: null },
  });
  await world.engine.dispatch({ type: 'roll-forward', reason: 'enough' });
  await world.engine.idle();
  expect(world.engine.state.phase).toBe('rolled-forward');
  expect(world.runner.acts).toEqual(['make', 'post']);
});
