import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDriver, newPlace } from './docker-procedure.js';
import type { Inspected, Place } from './docker-procedure.js';
import { imageIdOf, inspected, replace, shown, sweep } from './replace-settings.js';
import { docker } from '../lab/docker-engine.mjs';
import { dockerCommand, realEngine } from './real-engine.js';

const service = 'lab-service:v1.2.0';
const check = '/usr/bin/node /app/health-check.mjs';

/** An image with a default of its own for everything an image can have one for. */
async function makeImage(name: string, tag: string): Promise<string> {
  const changes = [
    `ENV PATH=/opt/${tag}/bin:/usr/bin SHARED=from-${tag} ONLY_${tag.toUpperCase()}=yes`,
    `LABEL version=${tag} vendor=acme only-${tag}=yes`,
    `CMD ["-e", "setInterval(() => {}, 1000); '${tag}'"]`,
    'ENTRYPOINT ["/usr/bin/node"]',
    `WORKDIR /${tag}`,
    `USER ${tag === 'one' ? '1001' : '1002'}`,
    `VOLUME /data-${tag}`,
    `EXPOSE ${tag === 'one' ? '4001' : '4002'}`,
    `STOPSIGNAL ${tag === 'one' ? 'SIGINT' : 'SIGUSR2'}`,
    `HEALTHCHECK --interval=${tag === 'one' ? '31s' : '32s'} --retries=4 CMD ${check}`,
  ];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-image-'));
  await writeFile(path.join(folder, 'Dockerfile'), [`FROM ${service}`, ...changes].join('\n'));
  // The classic builder needs no plugin and no network.
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  await docker(realEngine().socket, ['build', '--quiet', '--tag', `${name}:${tag}`, folder], {
    env,
  });
  await rm(folder, { recursive: true });
  return imageIdOf(`${name}:${tag}`);
}

describe('a container of which the operator set nothing is given by the new image', () => {
  const place = newPlace(29_520);
  let old: Inspected;
  let now: Inspected;
  let fresh: Inspected;

  beforeAll(async () => {
    await makeImage(place.name, 'one');
    const target = await makeImage(place.name, 'two');
    await dockerCommand('run', '--detach', '--name', place.name, `${place.name}:one`);
    old = await inspected(place.name);
    await replace(place, target);
    now = await inspected(place.name);
    await dockerCommand('create', '--name', `${place.name}-fresh`, target);
    fresh = await inspected(`${place.name}-fresh`);
  });
  afterAll(async () => {
    await sweep(place.name);
    await dockerCommand('image', 'rm', '--force', `${place.name}:one`, `${place.name}:two`);
  });

  test.each([
    ['its environment', 'Config.Env'],
    ['its command', 'Config.Cmd'],
    ['its entry point', 'Config.Entrypoint'],
    ['its exposed ports', 'Config.ExposedPorts'],
    ['its health check', 'Config.Healthcheck'],
    ['its user', 'Config.User'],
    ['its working folder', 'Config.WorkingDir'],
    ['its stop signal', 'Config.StopSignal'],
  ])('%s', (_what, path) => {
    expect(shown(path, now, {})).toEqual(shown(path, fresh, {}));
    expect(shown(path, now, {})).not.toEqual(
      path === 'Config.Entrypoint' ? null : shown(path, old, {}),
    );
  });

  test('its labels', () => {
    expect(shown('own labels', now, {})).toEqual(shown('own labels', fresh, {}));
  });

  test('its volumes, beside those that the old one kept its data in', () => {
    const places = (container: Inspected): string[] =>
      container.Mounts.map(({ Destination }) => Destination).sort();
    expect(places(now)).toEqual(['/data-one', '/data-two']);
    expect(now.Mounts.find(({ Destination }) => Destination === '/data-one')?.Name).toBe(
      old.Mounts[0]?.Name,
    );
  });
});

describe('what other tools are known to get wrong', () => {
  let place: Place;
  beforeEach(() => {
    place = newPlace(29_521);
  });
  afterEach(async () => {
    await sweep(place.name, [`${place.name}-net`]);
  });

  const run = (...options: readonly string[]): Promise<string> =>
    dockerCommand('run', '--detach', '--name', place.name, ...options);
  const target = (): Promise<string> => imageIdOf('lab-service:v1.1.0');

  test('the new container is made before the old one is touched, so one that cannot be made costs nothing', async () => {
    await dockerCommand('network', 'create', `${place.name}-net`);
    await run('--network', `${place.name}-net`, service);
    const old = await inspected(place.name);
    const failed = replace(place, `sha256:${'0'.repeat(64)}`);
    await expect(failed).rejects.toMatchObject({ code: 'DOCKER_IMAGE_MISSING' });
    expect(await inspected(place.name)).toMatchObject({ Id: old.Id, State: { Running: true } });
  });

  test('the default bridge gets no alias, which it would refuse', async () => {
    await run('--publish-all', service);
    await replace(place, await target());
    expect(await inspected(place.name)).toMatchObject({
      State: { Running: true },
      HostConfig: { PublishAllPorts: true, NetworkMode: 'default' },
    });
  });

  test('a link on the default bridge is carried under its alias', async () => {
    await dockerCommand('run', '--detach', '--name', `${place.name}-db`, service);
    await run('--link', `${place.name}-db:db`, service);
    const old = await inspected(place.name);
    await replace(place, await target());
    expect((await inspected(place.name)).HostConfig['Links']).toEqual(old.HostConfig['Links']);
  });

  test('a mount point written with a slash at its end is not mounted twice', async () => {
    await run('--volume', `${place.name}-data:/data/`, '--volume', '/usr/share:/shared//', service);
    const old = await inspected(place.name);
    await replace(place, await target());
    expect(shown('volumes', await inspected(place.name), {})).toEqual(shown('volumes', old, {}));
  });

  test('the data of an anonymous volume stays with the service', async () => {
    await run('--volume', '/anonymous', service);
    const script = "require('fs').writeFileSync('/anonymous/kept', 'yes')";
    await dockerCommand('exec', place.name, '/usr/bin/node', '-e', script);
    await replace(place, await target());
    const read = "process.stdout.write(require('fs').readFileSync('/anonymous/kept', 'utf8'))";
    expect(await dockerCommand('exec', place.name, '/usr/bin/node', '-e', read)).toBe('yes');
  });

  test('a health check that was switched off stays off where the new image has one', async () => {
    await run('--no-healthcheck', service);
    await replace(place, await imageIdOf('lab-service:v1.1.0-hc'));
    expect((await inspected(place.name)).Config['Healthcheck']).toMatchObject({
      Test: ['NONE'],
    });
  });

  test('an entry point that was cleared stays cleared, with the command that was given', async () => {
    await run('--entrypoint', '', service, '/usr/bin/node', '/app/service.mjs');
    const old = await inspected(place.name);
    await replace(place, await target());
    const { Config } = await inspected(place.name);
    expect([Config['Entrypoint'], Config['Cmd']]).toEqual([
      old.Config['Entrypoint'],
      old.Config['Cmd'],
    ]);
  });

  test('an entry point given anew without a command runs without the new image’s command', async () => {
    await makeImage(place.name, 'one');
    const two = await makeImage(place.name, 'two');
    await dockerCommand(
      'create',
      '--name',
      place.name,
      '--entrypoint',
      '/usr/bin/node',
      `${place.name}:one`,
    );
    await replace(place, two, { isStarted: false });
    const { Config } = await inspected(place.name);
    expect([Config['Entrypoint'], Config['Cmd'] ?? []]).toEqual([['/usr/bin/node'], []]);
    await sweep(place.name);
    await dockerCommand('image', 'rm', '--force', `${place.name}:one`, `${place.name}:two`);
  });

  test('a container in another’s network, memory and processes is replaced without a host name', async () => {
    const other = `${place.name}-other`;
    await dockerCommand('run', '--detach', '--ipc', 'shareable', '--name', other, service);
    const modes = ['network', 'ipc', 'pid'].map((mode) => `--${mode}=container:${other}`);
    const idle = ['-e', 'setInterval(() => {}, 1000)'];
    await run(...modes, '--entrypoint', '/usr/bin/node', service, ...idle);
    const { HostConfig: old } = await inspected(place.name);
    await replace(place, await target());
    const { HostConfig: now, State } = await inspected(place.name);
    expect(State.Running).toBe(true);
    for (const mode of ['NetworkMode', 'IpcMode', 'PidMode']) {
      expect(now[mode]).toBe(old[mode]);
    }
  });

  test('a container without a network stays without one', async () => {
    await run('--network', 'none', service);
    await replace(place, await target());
    const { HostConfig, NetworkSettings } = await inspected(place.name);
    expect(HostConfig['NetworkMode']).toBe('none');
    expect(Object.keys(NetworkSettings.Networks)).toEqual(['none']);
  });

  test('a hardware address that the engine made up is not held on to', async () => {
    await run(service);
    await replace(place, await target());
    expect((await inspected(place.name)).Config['MacAddress'] ?? '').toBe('');
  });

  test('the old container cannot come back by itself while it is kept', async () => {
    await run('--restart', 'always', service);
    await replace(place, await target());
    expect((await inspected(place.kept)).HostConfig['RestartPolicy']).toMatchObject({ Name: 'no' });
    expect((await inspected(place.name)).HostConfig['RestartPolicy']).toMatchObject({
      Name: 'always',
    });
  });

  test('a second undo, or one after a half-done step, finds nothing more to do', async () => {
    await run(service);
    const old = await inspected(place.name);
    const { undo } = await replace(place, await target());
    await undo();
    await undo();
    expect(await inspected(place.name)).toMatchObject({ Id: old.Id, State: { Running: true } });
  });

  test('nothing is left behind when the engine refuses the new container', async () => {
    await run(service);
    const container = { engine: 'docker', container: place.name, run: place.run };
    const params = { ...container, imageId: `sha256:${'0'.repeat(64)}`, replacement: place.next };
    const driver = createDriver();
    await driver.run([{ kind: 'docker.create-replacement', params }], []).catch(() => undefined);
    const listed = await dockerCommand('ps', '--all', '--quiet', '--filter', `name=${place.next}`);
    expect(listed).toBe('');
  });
});
