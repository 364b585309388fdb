import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { describeDockerPort } from '../contract/docker-port.contract.js';
import type { Otherwise } from '../contract/docker-world.js';
import { realDockerWorld } from '../contract/real-docker-world.js';
import { Podman } from '../lab/podman.mjs';
import { createDriver, newPlace, planFor } from './docker-procedure.js';
import type { Done } from './docker-procedure.js';
import { realEngine } from './real-engine.js';

let podman: Podman;

beforeAll(async () => {
  podman = await Podman.start();
  await podman.takeImages(realEngine().socket, ['v1.1.0', 'v1.2.0', 'ignore-stop']);
}, 120_000);
afterAll(() => podman.remove());

const otherwise: ReadonlySet<Otherwise> = new Set([
  'keeps policies',
  'stops nothing paused',
  'follows not to the last line',
]);

describeDockerPort(
  'Podman by its compatible socket',
  async () => {
    const ports = {
      port: createDockerAdapter(podman.socket),
      unreachable: createDockerAdapter(`${podman.socket}.nobody`),
    };
    return { ...(await realDockerWorld(ports, `localhost/${realEngine().repository}`)), otherwise };
  },
  29_428,
);

const signal = AbortSignal.timeout(300_000);

test('Podman is recognised, and what it does otherwise is said before the run', async () => {
  const info = await createDockerAdapter(podman.socket).info(signal);
  expect(info.name).toBe('Podman');
  expect(info.lacks.join(' ')).toContain('localhost/NAME');
  expect(info.lacks.join(' ').includes('restart policy')).toBe(info.keepsPolicies === true);
});

test('a whole rollback goes through on Podman, and is taken back', async () => {
  const place = newPlace(29_429);
  const { name } = place;
  const at = `127.0.0.1:${String(place.port)}:3000`;
  const set = ['--restart', 'always', '--env', 'API_KEY=s3cret', '--label', 'team=markets'];
  const options = [...set, '--memory', '256m', '--volume', '/kept', '--hostname', 'monitor-1'];
  await podman.docker(
    ...['run', '--detach', '--name', name, '--publish', at, ...options],
    'localhost/lab-service:v1.2.0',
  );
  const port = createDockerAdapter(podman.socket);
  const old = (await port.container(name, signal))!;
  const target = await port.image('localhost/lab-service:v1.1.0', signal);
  const driver = createDriver(podman.socket);
  const done: Done[] = [];
  await driver.run(planFor(place, 'v1.1.0', target.id), done);

  const now = (await port.container(name, signal))!;
  expect(now).toMatchObject({ running: true, imageId: target.id, labels: { team: 'markets' } });
  expect(now.restartPolicy.name).toBe('always');
  expect(now.config['Env']).toEqual(expect.arrayContaining(['API_KEY=s3cret']));
  expect(now.mounts.map((mount) => mount['Name'])).toEqual(
    old.mounts.map((mount) => mount['Name']),
  );
  expect(await port.container(place.kept, signal)).toMatchObject({ id: old.id, running: false });

  await driver.undo(done);
  expect(await port.container(name, signal)).toMatchObject({ id: old.id, running: true });
  expect(await port.container(place.next, signal)).toBeNull();
});
