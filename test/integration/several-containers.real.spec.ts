import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StepId } from '../../shared/plan/planned-step.js';
import { refusalOf } from '../../shared/run/rules.js';
import { listenToEngine } from '../kill/engine-events.mjs';
import { imageIdOf, sweep } from './replace-settings.js';
import { dockerCommand, listensAfter, realEngine } from './real-engine.js';
import { LabRun, fleetRunbook } from './lab-run.js';

const numbers = [1, 2, 3];
let name = '';
/** Below those of outgoing connections: each is free again for a moment in the middle of a run. */
const ports = [29_580, 29_581, 29_582] as const;
let run: LabRun | null = null;

/** Three containers of one service, each with its own name, port and setting. */
beforeEach(async () => {
  name = `lastgood-fleet-${randomUUID().slice(0, 8)}`;
  await Promise.all(numbers.map((number) => begin(number)));
});

afterEach(async () => {
  await run?.end();
  run = null;
  await sweep(name);
});

const begin = (number: number, ...more: readonly string[]): Promise<string> =>
  dockerCommand(
    ...['run', '--detach', '--name', `${name}-${number}`, '--label', `lastgood.test=${name}`],
    ...['--env', `MINE=${number}`, '--publish', `127.0.0.1:${ports[number - 1] ?? 0}:3000`],
    ...more,
    'lab-service:v1.2.0',
  );

/** It takes a second before it listens, so that whoever does not wait for it is found out. */
const beginAnew = async (number: number, mode: string): Promise<void> => {
  await dockerCommand('rm', '--force', `${name}-${number}`);
  await begin(number, '--env', `LAB_MODE=${mode}`, '--env', `NODE_OPTIONS=${listensAfter(1_000)}`);
};

const mustServe = async (number: number): Promise<void> => {
  const { status } = await fetch(`http://127.0.0.1:${ports[number - 1] ?? 0}/health`);
  expect(status).toBe(200);
};

/** When it last began to listen, in milliseconds of the engine's clock. */
const listenedAt = async (number: number): Promise<number> => {
  const log = await dockerCommand('logs', '--timestamps', `${name}-${number}`);
  const last = log.split('\n').findLast((line) => line.includes('listens on')) ?? '';
  return Date.parse(last.slice(0, last.indexOf(' ')));
};

const more = (): Promise<string> =>
  dockerCommand(
    ...['run', '--detach', '--name', `${name}-4`, '--label', `lastgood.test=${name}`],
    'lab-service:v1.2.0',
  );

const prepare = async (): Promise<LabRun> => {
  const { socket } = realEngine();
  const place = { container: `${name}-1`, label: `lastgood.test=${name}`, socket };
  const url = `http://127.0.0.1:${ports[0]}`;
  run = await LabRun.prepare(fleetRunbook({ ...place, url }), 'v1.1.0');
  return run;
};

/** What runs under each name, as the engine's own command line tells it. */
const seen = (): Promise<readonly string[]> =>
  Promise.all(
    numbers.map((number) =>
      dockerCommand(
        ...['inspect', '--format'],
        '{{.Id}} {{.Image}} {{.State.Running}} {{range .Config.Env}}{{.}} {{end}}{{json .HostConfig.PortBindings}}',
        `${name}-${number}`,
      ).catch(() => 'missing'),
    ),
  );
const all = (): Promise<string> =>
  dockerCommand('ps', '--all', '--filter', `name=${name}`, '--format', '{{.Names}}');

const witness = () => {
  const events = listenToEngine(realEngine().socket);
  const mine = () => events.all.filter((event) => event.name.startsWith(name));
  return {
    close: events.close,
    count: (action: string) => mine().filter((event) => event.action === action).length,
    /** In the order of the engine's clock: each start and each end of a container. */
    lives: () =>
      mine()
        .filter(({ action }) => action === 'start' || action === 'die')
        .map((event) => `${event.action} ${event.name.replace(`${name}-`, '')}`),
    lastEnd: (number: number) =>
      mine().findLast(({ action, name: its }) => action === 'die' && its === `${name}-${number}`)
        ?.atMs ?? Number.NaN,
    untilStarts: (starts: number) =>
      events.caughtUpTo(() => mine().filter(({ action }) => action === 'start').length >= starts),
  };
};

test('takes three containers of a service back one after the other, each with its own port and settings', async () => {
  const { live, approve, focus } = await prepareBound();
  const shown = await run!.preview();
  expect(shown.find(({ title }) => title === 'Containers of the service')?.text).toContain(
    `3 containers, taken back in this order: ${name}-1, ${name}-2, ${name}-3`,
  );
  const units = [...new Set(live.state.steps.map(({ plan }) => plan.unit))];
  expect(units).toEqual([
    ...[
      'preparation',
      ...numbers.map((one) => `cutover · ${name}-${one}`),
      'proof',
      'verification',
    ],
  ]);
  const engine = witness();

  await approve();
  expect(focus()).toMatchObject({ id: 'stop-1', status: 'pending' });
  for (const number of numbers) {
    await approve();
    expect(focus()).toMatchObject({ status: 'pending', error: '' });
    const [, image] = (await seen())[number - 1]!.split(' ');
    expect(image).toBe(await imageIdOf('lab-service:v1.1.0'));
  }
  await approve();
  await engine.untilStarts(3);
  engine.close();
  // One that came meanwhile has the version of before: then not all serve the target.
  await more();
  await approve();
  expect(focus()).toMatchObject({ id: 'check-containers', error: 'DOCKER_VERSIONS_DIFFER' });
  await dockerCommand('rm', '--force', `${name}-4`);
  await live.command({ type: 'retry', stepId: live.state.steps.at(-1)!.plan.id });
  await live.engine.idle();

  expect(live.state.phase).toBe('completed');
  expect(engine.lives()).toEqual(numbers.flatMap((one) => [`die ${one}`, `start ${one}`]));
  expect([engine.count('create'), engine.count('rename')]).toEqual([3, 6]);
  const now = await seen();
  numbers.forEach((number) => {
    expect(now[number - 1]).toMatch(new RegExp(`true .*MINE=${number} .*"${ports[number - 1]}"`));
  });
});

test('stops where the second fails, keeps the third as it was, and rolls forward what was done', async () => {
  const before = await seen();
  const { live, approve, focus } = await prepareBound();
  const engine = witness();
  await approve();
  await approve();
  await dockerCommand('rm', `${name}-2-next`);

  await approve();

  expect(focus()).toEqual({ id: 'swap-2', status: 'failed', error: 'DOCKER_CONTAINER_MISSING' });
  expect((await seen())[2]).toBe(before[2]);
  await run!.rollForward();

  await engine.untilStarts(3);
  engine.close();
  expect(live.state.phase).toBe('rolled-forward');
  expect(await seen()).toEqual(before);
  expect((await all()).split('\n').sort()).toEqual(numbers.map((number) => `${name}-${number}`));
  // The newest first: the second, which was down, serves again before the first is touched.
  expect(engine.lives()).toEqual(['die 1', 'start 1', 'die 2', 'start 2', 'die 1', 'start 1']);
});

test('rolls forward one container after the other, each only once the one before serves again as it did', async () => {
  await Promise.all(numbers.map((number) => beginAnew(number, 'healthy')));
  await Promise.all(
    numbers.map((number) => vi.waitFor(() => mustServe(number), { timeout: 20_000 })),
  );
  const { live, approve } = await prepareBound();
  const engine = witness();
  await approve();
  await approve();
  await dockerCommand('rm', `${name}-2-next`);
  await approve();

  await run!.rollForward();

  await engine.untilStarts(3);
  engine.close();
  expect(live.state.phase).toBe('rolled-forward');
  await Promise.all(numbers.map((number) => mustServe(number)));
  const undone = live.state.steps.find(({ plan }) => plan.id === 'stop-1')?.summary;
  expect(undone).toMatch(/is running again as it was and healthy\.$/);
  // Both by the engine's own clock: the second one listened before the first one's replacement was stopped.
  expect(await listenedAt(2)).toBeLessThan(engine.lastEnd(1));
});

test('holds where the second never gets healthy, with the third as it was and every way open', async () => {
  await beginAnew(2, 'never-healthy');
  const before = await seen();
  const { live, approve, focus } = await prepareBound();
  await approve();
  await approve();

  await approve();

  expect(focus()).toEqual({ id: 'wait-healthy-2', status: 'failed', error: 'SERVICE_NOT_HEALTHY' });
  expect((await seen())[2]).toBe(before[2]);
  const stepId = StepId.parse('wait-healthy-2');
  const refusals = [
    refusalOf(live.state, { type: 'retry', stepId }),
    refusalOf(live.state, { type: 'skip', stepId, reason: 'It is known to be slow' }),
    refusalOf(live.state, { type: 'roll-forward', reason: 'It does not work out' }),
  ];
  expect(refusals).toEqual([null, null, null]);
  const unit = `cutover · ${name}-3`;
  expect(
    refusalOf(live.state, { type: 'approve', unit, typed: null, authority: null }),
  ).not.toBeNull();

  await run!.rollForward();
  expect(live.state.phase).toBe('rolled-forward');
  expect(await seen()).toEqual(before);
});

test('changes nothing where one of the service has come, gone or been made anew since the plan', async () => {
  const { approve, focus, live } = await prepareBound();
  const error = () => live.state.steps.find(({ plan }) => plan.id === 'find-containers')?.error;
  await dockerCommand('rm', '--force', `${name}-3`);
  await dockerCommand('rm', '--force', `${name}-2`);
  await begin(2);
  await more();
  const before = await all();

  await approve();

  expect(focus()).toMatchObject({
    id: 'find-containers',
    status: 'failed',
    error: 'DOCKER_CONTAINERS_CHANGED',
  });
  expect(error()?.message).toBe(
    `Since the plan was made: ${name}-2 is another container now, ${name}-3 is not there any more, ${name}-4 has come.`,
  );
  expect(await all()).toBe(before);
});

async function prepareBound() {
  const { live } = await prepare();
  return { live, approve: () => run!.approve(), focus: () => run!.focus };
}
