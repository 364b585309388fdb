import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import type { StepEnd } from '../../../../main/engine/step-runner-port.js';
import { EngineWorld } from '../../../fakes/engine-world.js';
import { planned, readyToExecute } from '../../../fakes/sample-run.js';

const names = ['one', 'two', 'three'] as const;
const job = 'one-1';
const done = (name: string): StepEnd => ({
  stepId: StepId.parse(name),
  status: 'done',
  summary: `${name} is on`,
  wasAlready: false,
});
const failed = (name: string): StepEnd => ({
  stepId: StepId.parse(name),
  status: 'failed',
  error: { code: 'STEP_SCRIPT_FAILED', message: 'no', retryable: false },
});

/** Three steps are one piece of work; the console ended while the first of them was under way. */
async function left(): Promise<EngineWorld> {
  const plan = names.map((id) => planned(id, { unit: 'cutover' }));
  const world = new EngineWorld(readyToExecute([...plan, planned('last')]));
  plan.forEach(({ id }) => world.runner.detached.add(id));
  world.runner.onAct = () => new Promise(() => undefined);
  await world.engine.dispatch({ type: 'approve', unit: 'cutover', typed: null, authority: null });
  await expect.poll(() => world.runner.acts).toEqual(['one']);
  world.restart();
  await world.engine.resume('operator', '0.0.0');
  return world;
}

async function look({ engine }: EngineWorld): Promise<void> {
  await engine.look('one');
  await engine.idle();
}

const statuses = ({ engine }: EngineWorld) =>
  engine.state.steps.slice(0, 3).map(({ status }) => status);

test('the end that the work left behind is the outcome of each step', async () => {
  const world = await left();
  world.runner.ends.set(job, [done('one'), failed('two')]);
  await look(world);
  expect(statuses(world)).toEqual(['succeeded', 'failed', 'unknown']);
  expect(world.runner.acts).toEqual(['one']);
});

test('nothing goes on by itself after an outcome was believed', async () => {
  const world = await left();
  world.runner.ends.set(job, names.map(done));
  await look(world);
  expect(statuses(world)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(world.engine.state.steps[3]?.status).toBe('pending');
});

test('work that still goes on is under way again, and is followed to its end', async () => {
  const world = await left();
  const ends = [done('one')];
  world.runner.ends.set(job, ends);
  world.runner.goesOn.add(job);
  let end = (): void => undefined;
  world.runner.onFollow = () =>
    new Promise((resolve) => {
      end = resolve;
    });
  await world.engine.look('one');
  expect(statuses(world)).toEqual(['succeeded', 'running', 'running']);
  ends.push(done('two'), done('three'));
  end();
  await world.engine.idle();
  expect(statuses(world)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(world.runner.acts).toEqual(['one']);
});

test('asking one of them to stop reaches the work that was picked up', async () => {
  const world = await left();
  world.runner.ends.set(job, []);
  world.runner.goesOn.add(job);
  world.runner.onFollow = (_job, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new AppError('STEP_STOPPED', 'Stopped.'));
      });
    });
  await world.engine.look('two');
  await world.engine.dispatch({ type: 'stop', stepId: StepId.parse('two') });
  await world.engine.idle();
  // The host has not said how they ended.
  expect(statuses(world)).toEqual(['unknown', 'unknown', 'unknown']);
  expect(world.engine.state.steps[1]?.summary).toBe('Stopped.');
});

test('a line that is lost again while it is followed leaves it unknown, and it is not picked up in a circle', async () => {
  const world = await left();
  world.runner.ends.set(job, []);
  world.runner.goesOn.add(job);
  let follows = 0;
  world.runner.onFollow = () => {
    follows += 1;
    return Promise.reject(new AppError('HOST_LINE_LOST', 'gone'));
  };
  await look(world);
  expect(statuses(world)).toEqual(['unknown', 'unknown', 'unknown']);
  expect(follows).toBe(1);
});

test('work without a trace was not begun where nothing of it is to be seen, and it can begin no more', async () => {
  const world = await left();
  world.runner.ends.delete(job);
  await look(world);
  expect(statuses(world)).toEqual(['pending', 'pending', 'pending']);
  expect([...world.runner.sealed]).toEqual([job]);
  expect(world.engine.state.steps.map(({ attempt }) => attempt)).toEqual([0, 0, 0, 0]);
});

test('work without a trace is asked about where any step of it is seen done', async () => {
  const world = await left();
  world.runner.ends.delete(job);
  world.runner.world.set('two', true);
  await look(world);
  expect(statuses(world)).toEqual(['unknown', 'unknown', 'unknown']);
});

test('what was cut off on the host is asked about, and what stands behind it was not begun', async () => {
  const world = await left();
  world.runner.lost.add(job);
  world.runner.ends.set(job, [
    done('one'),
    { stepId: StepId.parse('three'), status: 'not-begun', reason: 'the work ended before it' },
  ]);
  await look(world);
  expect(statuses(world)).toEqual(['succeeded', 'unknown', 'pending']);
});

test('a host that does not answer leaves every outcome unknown', async () => {
  const world = await left();
  world.runner.isBlind = true;
  await look(world);
  expect(statuses(world)).toEqual(['unknown', 'unknown', 'unknown']);
  expect(world.engine.state.steps[0]?.looked?.isDone).toBeNull();
});

test('a roll forward hears of the work first, and takes back what was done and nothing else', async () => {
  const world = await left();
  world.runner.ends.set(job, [done('one'), failed('two')]);
  world.runner.lost.add(job);
  await world.engine.dispatch({ type: 'roll-forward', reason: 'enough' });
  await world.engine.idle();
  expect(world.runner.undos).toEqual(['three', 'two', 'one']);
});
