import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { kindOf } from '../../main/steps/registry.js';
import { createStepRunner } from '../../main/steps/step-runner.js';
import { StepId } from '../../shared/plan/planned-step.js';
import { refusalOf } from '../../shared/run/rules.js';
import { stepById } from '../../shared/run/select.js';
import { EngineWorld } from '../fakes/engine-world.js';
import { MemoryVault } from '../fakes/memory-vault.js';
import { planned, readyToExecute } from '../fakes/sample-run.js';
import { OwnEngine } from '../lab/own-engine.mjs';
import { newPlace, planFor } from './docker-procedure.js';
import type { Place } from './docker-procedure.js';
import { realEngine } from './real-engine.js';
import { SmallDisk } from './small-disk.js';
import { SmallRegistry } from './small-registry.js';

const signal = AbortSignal.timeout(300_000);
let disk: SmallDisk;
let engine: OwnEngine;

beforeAll(async () => {
  disk = new SmallDisk('400m');
  engine = await OwnEngine.start({ dataRoot: `${disk.folder}/data` });
  await engine.takeImages(realEngine().socket, ['v1.1.0', 'v1.2.0']);
}, 120_000);
afterAll(async () => {
  disk.makeRoom();
  await engine.remove();
  disk.dispose();
});

const idOf = (kind: string): StepId => StepId.parse(kind.replace('.', '-'));

function openRun(place: Place, imageId: string) {
  const pool = createConnectionPool({
    name: 'test',
    tier: 'practice',
    url: 'http://127.0.0.1',
    engines: [{ name: 'docker', kind: 'docker', socket: engine.socket }],
    variables: {},
  });
  const steps = planFor(place, 'v1.1.0', imageId);
  const plan = steps.map(({ kind, params }) => {
    const { risk, repeatable } = kindOf(kind);
    return planned(idOf(kind), { kind, params, risk, repeatable });
  });
  const runner = createStepRunner({
    runId: place.run,
    kindOf,
    connections: pool.connections,
    vault: new MemoryVault(),
    emit: () => undefined,
    kept: () => Promise.resolve(),
    delay: (milliseconds, stop) => sleep(milliseconds, undefined, { signal: stop }),
  });
  const { engine: run } = new EngineWorld(readyToExecute(plan), runner);
  return { run, close: () => pool.close() };
}

test('a disk that is full where the engine keeps its containers is said, nothing is stopped, and the run goes on once there is room', async () => {
  const place = newPlace(29_443);
  const at = `127.0.0.1:${String(place.port)}:3000`;
  await engine.docker(
    ...['run', '--detach', '--name', place.name, '--publish', at, 'lab-service:v1.2.0'],
  );
  const port = createDockerAdapter(engine.socket);
  const old = await port.container(place.name, signal);
  const target = await port.image('lab-service:v1.1.0', signal);
  const { run, close } = openRun(place, target.id);
  const through = async (kind: string) => {
    await run.dispatch({ type: 'approve', unit: idOf(kind), typed: null, authority: null });
    await run.idle();
    return stepById(run.state, idOf(kind));
  };
  expect(await through('docker.find-image')).toMatchObject({ status: 'succeeded' });

  disk.fill();
  const kind = 'docker.create-replacement';
  expect(await through(kind)).toMatchObject({
    status: 'failed',
    error: { code: 'DOCKER_DISK_FULL' },
  });
  expect(await port.container(place.name, signal)).toEqual(old);
  expect(await engine.docker('ps', '--all', '--format', '{{.Names}}')).toBe(place.name);
  const retry = { type: 'retry', stepId: idOf(kind) } as const;
  expect(refusalOf(run.state, retry)).toBeNull();
  expect(refusalOf(run.state, { type: 'roll-forward', reason: 'the disk is full' })).toBeNull();

  disk.makeRoom();
  await run.dispatch(retry);
  await run.idle();
  expect(stepById(run.state, idOf(kind))).toMatchObject({ status: 'succeeded' });
  expect(await port.container(place.next, signal)).toMatchObject({ imageId: target.id });
  await close();
});

test('an image that finds no room is not loaded by halves', async () => {
  const registry = new SmallRegistry();
  await registry.open();
  const image = `${registry.repository}@${registry.offer('v1.0.0', 'one')}`;
  const port = createDockerAdapter(engine.socket);
  const login = { ...registry.login, serveraddress: registry.address };
  const load = () => port.pull(image, login, () => undefined, signal);
  disk.fill();
  await expect(load()).rejects.toMatchObject({ code: 'DOCKER_DISK_FULL' });
  disk.makeRoom();
  await expect(port.image(image, signal)).rejects.toMatchObject({ code: 'DOCKER_IMAGE_MISSING' });
  await load();
  expect((await port.image(image, signal)).sizeBytes).toBeGreaterThan(0);
  await registry.close();
});
