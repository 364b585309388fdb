import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import { EngineWorld } from '../../../fakes/engine-world.js';
import { readyToExecute } from '../../../fakes/sample-run.js';

const id = (name: string) => StepId.parse(name);
const approve = (unit: string) =>
  ({ type: 'approve', unit, typed: null, authority: null }) as const;

async function upToFind(): Promise<EngineWorld> {
  const world = new EngineWorld(readyToExecute());
  await world.engine.dispatch(approve('find'));
  await world.engine.idle();
  return world;
}

test('keeps the first snapshot over a retry', async () => {
  const world = await upToFind();
  world.runner.failures.set('make', {
    when: 'after',
    error: new AppError('STEP_KIND_UNKNOWN', 'no'),
  });
  await world.engine.dispatch(approve('make'));
  await world.engine.idle();
  // The half-done change is in place; a second snapshot would picture it as the state to restore.
  world.runner.world.set('make', false);
  world.runner.failures.set('make', {
    when: 'after',
    error: new AppError('STEP_KIND_UNKNOWN', 'no'),
  });
  const first = world.engine.state.steps[1]?.before;
  expect(first).toMatchObject({ wasOn: false });
  await world.engine.dispatch({ type: 'retry', stepId: id('make') });
  await world.engine.idle();
  expect(world.engine.state.steps[1]).toMatchObject({ attempt: 2 });
  expect(world.engine.state.steps[1]?.before).toEqual(first);
});

test('takes a new snapshot for a retry where it is only a place to look from', async () => {
  const world = await upToFind();
  world.runner.marking.add('make');
  world.runner.failures.set('make', {
    when: 'before',
    error: new AppError('STEP_KIND_UNKNOWN', 'no'),
  });
  await world.engine.dispatch(approve('make'));
  await world.engine.idle();
  const first = world.engine.state.steps[1]?.before;
  expect(first).toMatchObject({ wasOn: false });
  await world.engine.dispatch({ type: 'retry', stepId: id('make') });
  await world.engine.idle();
  expect(world.engine.state.steps[1]).toMatchObject({ attempt: 2, before: { wasOn: false } });
  expect(world.engine.state.steps[1]?.before).not.toEqual(first);
});
