import { afterEach, beforeEach, expect, test } from 'vitest';
import { newPlace } from './docker-procedure.js';
import type { Place } from './docker-procedure.js';
import { imageIdOf, inspected, replace, shown, sweep } from './replace-settings.js';
import { dockerCommand } from './real-engine.js';

const service = 'lab-service:v1.2.0';
let place: Place;

beforeEach(() => {
  place = newPlace(29_530);
});
afterEach(async () => {
  await sweep(place.name);
});

const run = (...options: readonly string[]): Promise<string> =>
  dockerCommand('run', '--detach', '--name', place.name, ...options);
const target = (): Promise<string> => imageIdOf('lab-service:v1.1.0');
const node = (code: string): Promise<string> =>
  dockerCommand('exec', place.name, '/usr/bin/node', '-e', code);

test('a container that removes itself is replaced and brought back, with the data of its anonymous volume', async () => {
  const options = ['--rm', '--env', 'API_KEY=s3cret', '--label', 'team=markets'];
  await run(...options, '--volume', '/kept', service);
  await node("require('fs').writeFileSync('/kept/data', 'yes')");
  const old = await inspected(place.name);
  const { done, undo } = await replace(place, await target());
  const now = await inspected(place.name);
  expect(now).toMatchObject({ Image: await target(), HostConfig: { AutoRemove: true } });
  expect(shown('volumes', now, {})).toEqual(shown('volumes', old, {}));
  const read = "process.stdout.write(require('fs').readFileSync('/kept/data', 'utf8'))";
  expect(await node(read)).toBe('yes');
  expect(JSON.stringify(done)).not.toContain('s3cret');

  await undo();
  const again = await inspected(place.name);
  expect(again).toMatchObject({ Image: old.Image, State: { Running: true } });
  expect(again.Config['Env']).toEqual(old.Config['Env']);
  expect(again.Config['Labels']).toEqual(old.Config['Labels']);
  expect(again.HostConfig['AutoRemove']).toBe(true);
  expect(await node(read)).toBe('yes');
});

test('a paused container stops by itself, and is paused again when that is taken back', async () => {
  await run(service);
  await dockerCommand('pause', place.name);
  const { done, undo } = await replace(place, await target(), { graceSeconds: 30 });
  expect(done[1]?.summary).toContain('stopped by itself with exit code 0. It had been paused');
  await undo();
  expect(await inspected(place.name)).toMatchObject({ State: { Paused: true, Running: true } });
  await dockerCommand('unpause', place.name);
});

test('a container that ends again and again is stopped for good, whenever it is met', async () => {
  const idOfTarget = await target();
  // Each round meets it at another moment of its loop.
  for (let round = 0; round < 4; round += 1) {
    place = newPlace(29_530);
    await run('--restart', 'always', 'lab-service:crash');
    await expect
      .poll(async () => (await inspected(place.name))['RestartCount'], { timeout: 20_000 })
      .toBeGreaterThan(round);
    await replace(place, idOfTarget);
    const { HostConfig, State } = await inspected(place.kept);
    expect(State.Running).toBe(false);
    expect(HostConfig['RestartPolicy']).toMatchObject({ Name: 'no' });
    expect(await inspected(place.name)).toMatchObject({
      State: { Running: true },
      HostConfig: { RestartPolicy: { Name: 'always' } },
    });
    await sweep(place.name);
  }
});

test('an image that vanished between plan and run is said, and nothing is changed', async () => {
  await run(service);
  const gone = await dockerCommand('commit', place.name, `${place.name}:gone`);
  const old = await inspected(place.name);
  await dockerCommand('image', 'rm', `${place.name}:gone`);
  await expect(replace(place, gone)).rejects.toMatchObject({ code: 'DOCKER_IMAGE_MISSING' });
  expect(await inspected(place.name)).toEqual(old);
});
