import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import { stepKinds } from '../../../../main/steps/registry.js';
import { EngineWorld } from '../../../fakes/engine-world.js';
import { planned, readyToExecute } from '../../../fakes/sample-run.js';

const id = (name: string) => StepId.parse(name);
const look = (name: string) =>
  planned(name, { unit: 'checks', risk: 'read', isReversible: false, undoText: null });

/** Three looks of one unit, and a change behind them. */
const world = (): EngineWorld =>
  new EngineWorld(
    readyToExecute([look('health'), look('settings'), look('log'), planned('change')]),
  );

const approve = ({ engine }: EngineWorld) =>
  engine.dispatch({ type: 'approve', unit: 'checks', typed: null, authority: null });

const statuses = ({ engine }: EngineWorld) =>
  engine.state.steps.slice(0, 3).map(({ status }) => status);

const checksOf = (made: EngineWorld) => made.types().filter((type) => type.startsWith('step.'));

test('looks of one unit are under way at the same time, each announced on the disk before the first begins', async () => {
  const made = world();
  const announced: string[][] = [];
  let arrived = 0;
  const all = Promise.withResolvers<undefined>();
  made.runner.onAct = async () => {
    announced.push(checksOf(made));
    arrived += 1;
    if (arrived === 3) {
      all.resolve(undefined);
    }
    // Each waits for the two others: one after the other, none would ever end.
    await all.promise;
  };
  await approve(made);
  await made.engine.idle();
  const beginnings = ['step.started health', 'step.started settings', 'step.started log'];
  expect(announced).toEqual([beginnings, beginnings, beginnings]);
  expect(statuses(made)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('one that fails holds the run, and those beside it come to their end', async () => {
  const made = world();
  const error = new AppError('SERVICE_NOT_HEALTHY', 'It is sick.');
  made.runner.failures.set('health', { when: 'before', error });
  await approve(made);
  await made.engine.idle();
  expect(statuses(made)).toEqual(['failed', 'succeeded', 'succeeded']);
  await made.engine.dispatch({ type: 'retry', stepId: id('health') });
  await made.engine.idle();
  expect(made.runner.acts).toEqual(['health', 'settings', 'log', 'health']);
  expect(statuses(made)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('one that cannot begin fails; the others were said to begin before that, and end', async () => {
  const made = world();
  made.runner.onCapture = (stepId) =>
    stepId === 'settings'
      ? Promise.reject(new AppError('DOCKER_UNREACHABLE', 'Nobody answers.'))
      : Promise.resolve();
  await approve(made);
  await made.engine.idle();
  expect(checksOf(made).slice(0, 3)).toEqual([
    'step.started health',
    'step.started log',
    'step.failed settings',
  ]);
  expect(made.runner.acts).toEqual(['health', 'log']);
  expect(statuses(made)).toEqual(['succeeded', 'failed', 'succeeded']);
});

test('a look whose line is lost has failed: nothing could have happened that nobody knows of', async () => {
  const made = world();
  const error = new AppError('HOST_LINE_LOST', 'gone');
  made.runner.failures.set('settings', { when: 'after', error });
  await approve(made);
  await made.engine.idle();
  expect(statuses(made)).toEqual(['succeeded', 'failed', 'succeeded']);
});

test('a roll forward that is ordered while they are prepared keeps all of them from beginning', async () => {
  const made = world();
  let isOrdered = false;
  made.runner.onCapture = async () => {
    if (!isOrdered) {
      isOrdered = true;
      await made.engine.dispatch({ type: 'roll-forward', reason: 'a call came in' });
    }
  };
  await approve(made);
  await made.engine.idle();
  expect(made.runner.acts).toEqual([]);
  expect(made.types()).not.toContain('step.started health');
});

test('the word to stop one reaches all that are under way with it', async () => {
  const made = world();
  made.runner.onAct = (stepId, signal) => {
    if (stepId === 'settings') {
      return made.engine.dispatch({ type: 'stop', stepId: id('settings') });
    }
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  };
  await approve(made);
  await made.engine.idle();
  expect(statuses(made)).toEqual(['failed', 'failed', 'failed']);
});

test('a console that ended meanwhile finds all of them unknown, and what changes nothing is looked at anew', async () => {
  const made = world();
  made.runner.onAct = () => new Promise(() => undefined);
  await approve(made);
  await expect.poll(() => made.runner.acts.length).toBe(3);
  made.restart();
  await made.engine.resume('operator', '0.0.0');
  expect(statuses(made)).toEqual(['unknown', 'unknown', 'unknown']);
});

test('only kinds that change nothing are looks that may be made beside others, and none that waits', () => {
  const glances = Object.values(stepKinds).filter(({ isGlance }) => isGlance);
  expect(glances.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['service.check-health', 'docker.check-log', 'systemd.check-unit']),
  );
  expect(glances.filter(({ risk }) => risk !== 'read')).toEqual([]);
  expect(glances.filter(({ kind }) => kind.includes('.wait-'))).toEqual([]);
});
