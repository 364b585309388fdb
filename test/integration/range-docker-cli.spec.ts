import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerTargetsOf } from '../fakes/docker-targets.js';
import { createRange } from '../../main/range/range.js';
import type { Range } from '../../main/range/range.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { dockerClient, mayLackClient } from './docker-client.js';

const run = promisify(execFile);

describe.skipIf(mayLackClient)('the real docker command line on the range', () => {
  const runbook = soundRunbook(builtInText);
  const { name } = runbook.service;
  const repository = dockerTargetsOf(runbook).repository;
  const healthy = `${repository}:${runbook.practice.healthy[0]!}`;
  let folder = '';
  let socket = '';
  let range: Range;
  let port = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'range-cli-'));
    range = createRange({ folder: path.join(folder, 'range'), socketFolder: folder });
    const environment = await range.open(runbook, { fresh: true, faults: [] });
    socket = environment.engines[0]!.socket!;
    port = new URL(environment.url).port;
  });

  afterAll(async () => {
    await range.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Nothing of the user's own client settings may point elsewhere. */
  const options = () => ({
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, DOCKER_CONFIG: folder },
  });

  const docker = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await run(
      dockerClient!,
      ['-H', `unix://${socket}`, ...args],
      options(),
    );
    return (stdout + (args[0] === 'logs' ? stderr : '')).trim();
  };
  const refusal = (...args: string[]): Promise<string> =>
    docker(...args).then(
      () => 'not refused',
      (error: unknown) => String(error),
    );
  const inspect = (id: string, format: string): Promise<string> =>
    docker('inspect', '--format', format, id);

  it('lists the images of the service, and none of anybody else', async () => {
    const lines = (await docker('images', '--format', '{{.Tag}} {{.Size}}', repository)).split(
      '\n',
    );

    expect(lines).toHaveLength(runbook.practice.healthy.length + 2);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['latest', runbook.practice.sick, ...runbook.practice.healthy]),
    );
    expect(await docker('images', '-q')).not.toBe('');
  });

  it('shows the serving container with its port, its age and its poor health', async () => {
    const line = await docker(
      'ps',
      '-a',
      '--format',
      '{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}',
    );

    expect(line).toBe(
      `${name}|${repository}:${runbook.practice.sick}|Up 2 hours (unhealthy)|127.0.0.1:${port}->${runbook.service.port}/tcp`,
    );
  });

  it('says what it is and what it is not', async () => {
    expect(await docker('version', '--format', '{{.Server.APIVersion}}')).toBe('1.43');
    expect(await docker('info', '--format', '{{.OperatingSystem}}')).toBe('Practice Engine');
    expect(await docker('network', 'ls', '--format', '{{.Name}}')).toContain('bridge');
    expect(await docker('volume', 'ls', '-q')).toBe(`${name}-data`);
    expect(await refusal('inspect', 'nobody')).toMatch(/no such object/i);
    expect(await refusal('run', '-d', `${repository}:v9`)).not.toBe('not refused');
  });

  it('pulls what only the registry has, by tag and by digest, and says what nobody has', async () => {
    const held = `registry.practice.invalid/${repository}`;
    const [tag = ''] = runbook.practice.inRegistry ?? [];
    const pulled = await docker('pull', `${held}:${tag}`);
    expect(pulled).toMatch(/[0-9a-f]{12}: Pull complete/);
    expect(pulled).toContain(`Status: Downloaded newer image for ${held}:${tag}`);
    const digest = /Digest: (sha256:[0-9a-f]{64})/.exec(pulled)?.[1] ?? '';
    expect(await docker('pull', `${held}@${digest}`)).toContain('Status: Image is up to date');
    expect(await docker('images', '--digests', '--format', '{{.Tag}} {{.Digest}}', held)).toBe(
      `${tag} ${digest}`,
    );

    expect(await refusal('pull', `${held}:v9`)).toMatch(/manifest unknown/);
    expect(await refusal('pull', 'nobody/has-this')).toMatch(/pull access denied/);
    expect(await refusal('pull', 'registry.example/web:v1')).toMatch(/no such host/);
    await docker('rmi', `${held}:${tag}`);
  });

  it('carries out a rollback typed by hand: create, stop, rename, start', async () => {
    const next = await docker(
      'create',
      '--name',
      'next',
      '-p',
      `127.0.0.1:${port}:${runbook.service.port}`,
      '--restart',
      'unless-stopped',
      healthy,
    );
    expect(next).toMatch(/^[0-9a-f]{64}$/);
    expect(await refusal('create', '--name', 'next', healthy)).toMatch(/already in use/);
    expect(await refusal('start', 'next')).toMatch(/port is already allocated/);

    expect(await docker('stop', '-t', '60', name)).toBe(name);
    expect(await inspect(name, '{{.State.Status}} {{.State.ExitCode}}')).toBe('exited 0');
    await docker('rename', name, 'kept');
    await docker('rename', 'next', name);
    await docker('start', name);

    await expect
      .poll(() => inspect(name, '{{.State.Health.Status}}'), { timeout: 20_000 })
      .toBe('healthy');
    const answer = await fetch(`http://127.0.0.1:${port}${runbook.service.health.path}`);
    expect(answer.status).toBe(runbook.service.health.status);
    expect(await answer.json()).toMatchObject(runbook.service.health.json);
    expect(await inspect(name, '{{.HostConfig.RestartPolicy.Name}}')).toBe('unless-stopped');
  });

  it('reads and follows the log until the container ends', async () => {
    await expect
      .poll(() => docker('logs', '--tail', '5', name), { timeout: 20_000 })
      .toContain('INFO');
    const stamped = await docker('logs', '-t', '--tail', '1', name);
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /);

    await docker('create', '--name', 'talker', healthy);
    await docker('start', 'talker');
    const following = docker('logs', '-f', 'talker');
    await docker('stop', 'talker');
    expect(await following).toMatch(/finished/);
  });

  it('tells the load of a container', async () => {
    const line = await docker(
      'stats',
      '--no-stream',
      '--format',
      '{{.Name}} {{.CPUPerc}} {{.MemUsage}}',
      name,
    );

    expect(line).toMatch(new RegExp(`^${name} \\d+\\.\\d+% \\d+(\\.\\d+)?MiB / 512MiB$`));
  });

  it('streams events, and remembers those that were', async () => {
    const stream = spawn(
      dockerClient!,
      ['-H', `unix://${socket}`, 'events', '--format', '{{.Action}} {{.Actor.Attributes.name}}'],
      options(),
    );
    try {
      let seen = '';
      stream.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      // A listener only hears what comes after it, so the knocking goes on until it hears.
      await expect
        .poll(
          async () => {
            await docker('create', '--name', 'short-lived', healthy);
            await docker('rm', 'short-lived');
            return seen;
          },
          { timeout: 20_000 },
        )
        .toContain('destroy short-lived');
    } finally {
      stream.kill();
    }

    const past = await docker(
      'events',
      '--since',
      '10m',
      '--until',
      '0s',
      '--format',
      '{{.Action}} {{.Actor.Attributes.name}}',
    );
    expect(past.split('\n')).toEqual(
      expect.arrayContaining(['create next', `stop ${name}`, `start ${name}`]),
    );
  });

  it('kills, waits, updates and removes', async () => {
    await docker('create', '--name', 'victim', healthy);
    expect(await refusal('kill', 'victim')).toMatch(/is not running/);
    await docker('start', 'victim');
    expect(await refusal('rm', 'victim')).toMatch(/running/);
    await docker('update', '--restart', 'no', 'victim');
    const waiting = docker('wait', 'victim');
    await docker('kill', 'victim');
    expect(await waiting).toBe('137');
    await docker('rm', 'victim');
    await docker('rm', '-f', 'kept');
    expect(await docker('ps', '-aq', '--filter', 'name=victim')).toBe('');
  });
});
