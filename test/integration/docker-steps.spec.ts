import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.js';
import { createDriver, inspected, newPlace, planFor } from './docker-procedure.js';
import type { Done, Inspected, Place } from './docker-procedure.js';
import { dockerCommand } from './real-engine.js';

const publishedPort = 29_431;
let place: Place;
let networks: string[];

beforeEach(() => {
  place = newPlace(publishedPort);
  networks = [`${place.name}-front`, `${place.name}-back`];
});

afterEach(async () => {
  const ours = await dockerCommand('ps', '--all', '--quiet', '--filter', `name=${place.name}`);
  for (const id of ours.split('\n').filter(Boolean)) {
    await dockerCommand('rm', '--force', '--volumes', id);
  }
  for (const network of networks) {
    await dockerCommand('network', 'rm', network).catch(() => '');
  }
  await dockerCommand('volume', 'rm', '--force', `${place.name}-data`);
});

async function runOld(tag: string, ...options: readonly string[]): Promise<void> {
  await dockerCommand(
    'run',
    '--detach',
    '--name',
    place.name,
    '--publish',
    `127.0.0.1:${publishedPort}:3000`,
    '--restart',
    'unless-stopped',
    ...options,
    `lab-service:${tag}`,
  );
}

async function idOf(tag: string): Promise<string> {
  return dockerCommand('image', 'inspect', '--format', '{{.Id}}', `lab-service:${tag}`);
}

async function names(): Promise<string[]> {
  const listed = await dockerCommand(
    'ps',
    '--all',
    '--format',
    '{{.Names}}',
    '--filter',
    `name=${place.name}`,
  );
  return listed.split('\n').filter(Boolean).sort();
}

test(
  'takes a richly configured container back and forth, and the engine’s own client sees it so',
  { timeout: 120_000 },
  async () => {
    const [front = '', back = ''] = networks;
    await dockerCommand('network', 'create', '--subnet', '172.31.77.0/24', front);
    await dockerCommand('network', 'create', back);
    await runOld(
      'v1.2.0',
      ...[
        '--env',
        'API_KEY=s3cret with blanks',
        '--env',
        'COLOUR=blue',
        '--label',
        'team=markets',
        '--hostname',
        'monitor-1',
      ],
      ...[
        '--memory',
        '256m',
        '--log-opt',
        'max-size=1m',
        '--ulimit',
        'nofile=1024:2048',
        '--tmpfs',
        '/scratch:size=1m',
      ],
      ...[
        '--add-host',
        'db.internal:10.0.0.9',
        '--volume',
        `${place.name}-data:/data`,
        '--volume',
        '/anonymous',
      ],
      ...['--network', front, '--ip', '172.31.77.20', '--network-alias', 'monitor', '--init'],
    );
    await dockerCommand('network', 'connect', '--alias', 'monitor-back', back, place.name);
    const old = await inspected(place.name);
    const target = await idOf('v1.1.0');
    const driver = createDriver();
    const done: Done[] = [];

    await driver.run(planFor(place, 'v1.1.0', target), done);

    const now = await inspected(place.name);
    expect(await names()).toEqual([place.name, place.kept].sort());
    expect(now).toMatchObject({ Image: target, State: { Running: true } });
    const { Mounts: _volumes, ...hostConfig } = now.HostConfig;
    expect(old.HostConfig).toMatchObject(hostConfig);
    expect(volumesOf(now)).toEqual(volumesOf(old));
    expect(now.Config).toMatchObject({
      Hostname: 'monitor-1',
      Labels: {
        team: 'markets',
        'lastgood.run': place.run,
        'org.opencontainers.image.version': '1.1.0',
      },
    });
    const env = ['API_KEY=s3cret with blanks', 'COLOUR=blue', 'LAB_VERSION=1.1.0'];
    expect(now.Config['Env']).toEqual(expect.arrayContaining(env));
    expect(now.Config['Env']).not.toContain('LAB_VERSION=1.2.0');
    expect(Object.keys(now.NetworkSettings.Networks).sort()).toEqual([...networks].sort());
    expect(now.NetworkSettings.Networks[front]).toMatchObject({ IPAddress: '172.31.77.20' });
    expect(JSON.stringify(done)).not.toContain('s3cret');
    expect(done.at(3)?.summary).toContain('stopped by itself with exit code 0');

    await driver.undo(done);

    expect(await names()).toEqual([place.name]);
    const again = await inspected(place.name);
    expect(again).toMatchObject({
      Id: old.Id,
      State: { Running: true },
      HostConfig: old.HostConfig,
    });
    expect(again.NetworkSettings.Networks[front]).toMatchObject({ IPAddress: '172.31.77.20' });
  },
);

test(
  'says that a container had to be ended, and rolls it back all the same',
  { timeout: 60_000 },
  async () => {
    await runOld('ignore-stop');
    const driver = createDriver();
    const done: Done[] = [];
    const plan = planFor(place, 'v1.1.0', await idOf('v1.1.0'), { graceSeconds: 1 });
    await driver.run(plan, done);
    expect(done.at(3)?.summary).toContain('did not stop within 1 s and was ended by the engine');
    expect(await inspected(place.name)).toMatchObject({ Image: await idOf('v1.1.0') });
  },
);

test(
  'waits for the engine’s own health check where the image has one',
  { timeout: 60_000 },
  async () => {
    await runOld('v1.2.0');
    const driver = createDriver();
    const done: Done[] = [];
    await driver.run(planFor(place, 'v1.1.0-hc', await idOf('v1.1.0-hc')), done);
    const state = await dockerCommand(
      'inspect',
      '--format',
      '{{.State.Health.Status}}',
      place.name,
    );
    expect(state).toBe('healthy');
  },
);

test.each([
  // It ends before it listens.
  ['crash', /^(SERVICE_EXITED|HTTP_NO_ANSWER)$/],
  ['never-healthy', /^SERVICE_NOT_HEALTHY$/],
])(
  'brings the old one back after the new one failed: %s',
  { timeout: 60_000 },
  async (tag, code) => {
    await runOld('v1.2.0');
    const old = await inspected(place.name);
    const driver = createDriver();
    const done: Done[] = [];
    const plan = planFor(place, tag, await idOf(tag), { timeoutSeconds: 3 });
    const failure = await driver.run(plan, done).then(
      () => 'no failure',
      (thrown: unknown) => (thrown instanceof AppError ? thrown.code : String(thrown)),
    );
    expect(failure).toMatch(code);

    await driver.undo(done);
    expect(await names()).toEqual([place.name]);
    expect(await inspected(place.name)).toMatchObject({
      Id: old.Id,
      State: { Running: true },
      HostConfig: old.HostConfig,
    });
  },
);

test('leaves a container of the replacement’s name alone when this run did not make it', async () => {
  await runOld('v1.2.0');
  await dockerCommand('create', '--name', place.next, 'lab-service:v1.0.0');
  const driver = createDriver();
  const done: Done[] = [];
  const plan = planFor(place, 'v1.1.0', await idOf('v1.1.0'));
  await expect(driver.run(plan, done)).rejects.toMatchObject({ code: 'DOCKER_NAME_TAKEN' });
  await driver.undo(done);
  expect(await names()).toEqual([place.name, place.next].sort());
});

function volumesOf({ Mounts }: Inspected): string[] {
  return Mounts.filter(({ Type }) => Type === 'volume')
    .map(({ Name, Destination }) => `${Name ?? ''} ${Destination}`)
    .sort();
}
