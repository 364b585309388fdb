import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRangeSwarm, runbook, service } from '../contract/range-swarm.js';
import { dockerClient, mayLackClient } from './docker-client.js';

const run = promisify(execFile);

describe.skipIf(mayLackClient)('the real docker command line on the swarm of the range', () => {
  const { sick, healthy } = runbook.practice;
  const before = `${service}:${healthy[0]!}`;
  const now = `${service}:${sick}`;
  let world: Awaited<ReturnType<typeof openRangeSwarm>>;

  beforeAll(async () => {
    world = await openRangeSwarm();
  });
  afterAll(async () => {
    await world.close();
  });

  const docker = async (...args: string[]): Promise<string> => {
    const { folder } = world;
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, DOCKER_CONFIG: folder };
    const options = ['-H', `unix://${world.socket}`];
    const { stdout, stderr } = await run(dockerClient!, [...options, ...args], { env });
    // A service's error lines come on the client's own.
    return (stdout + (args[1] === 'logs' ? stderr : '')).trim();
  };
  const update = (): Promise<string> =>
    docker('service', 'inspect', '--format', '{{.UpdateStatus.State}}', service);
  const tasks = (format: string): Promise<string> =>
    docker('service', 'ps', '--no-trunc', '--format', format, service);

  it('lists the node, the service and its tasks, and inspects it', async () => {
    expect(await docker('info', '--format', '{{.Swarm.LocalNodeState}}')).toBe('active');
    expect(await docker('node', 'ls', '--format', '{{.Hostname}} {{.Status}}')).toBe(
      'practice Ready',
    );
    const format = '{{.Name}}|{{.Mode}}|{{.Replicas}}|{{.Image}}|{{.Ports}}';
    const { port } = new URL(world.environment.url);
    expect(await docker('service', 'ls', '--format', format)).toBe(
      `${service}|replicated|2/2|${now}|*:${port}->${runbook.service.port}/tcp`,
    );
    expect((await tasks('{{.Name}} {{.Image}} {{.Node}} {{.DesiredState}}')).split('\n')).toEqual([
      `${service}.1 ${now} practice Running`,
      `${service}.1 ${before} practice Shutdown`,
      `${service}.2 ${now} practice Running`,
      `${service}.2 ${before} practice Shutdown`,
    ]);
    expect(await docker('service', 'inspect', '--pretty', service)).toMatch(/State:\s+completed/);
    expect((await docker('ps', '--format', '{{.Names}}')).split('\n')).toHaveLength(2);
  });

  it('tells the lines of every task', async () => {
    const lines = (await docker('service', 'logs', '--tail', '3', service)).split('\n');
    for (const slot of ['1', '2']) {
      expect(lines.filter((line) => line.startsWith(`${service}.${slot}.`)).length).toBe(3);
    }
    expect(lines.every((line) => line.includes('@practice'))).toBe(true);
  });

  it('rolls back task by task, and toggles when it is asked again', async () => {
    await docker('service', 'rollback', '--detach', service);
    expect(await update()).toBe('rollback_started');
    await expect.poll(update, { timeout: 30_000 }).toBe('rollback_completed');
    const seen = await tasks('{{.Image}} {{.DesiredState}}');
    expect(seen.split('\n').filter((line) => line === `${before} Running`)).toHaveLength(2);
    const answer = await fetch(`${world.environment.url}${runbook.service.health.path}`);
    expect(answer.status).toBe(runbook.service.health.status);

    // Without `--detach` the client itself waits until the swarm has settled.
    await docker('service', 'rollback', '--quiet', service);
    const image = '{{.Spec.TaskTemplate.ContainerSpec.Image}}';
    expect(await docker('service', 'inspect', '--format', image, service)).toBe(now);
  });

  it('starts every task anew where it is forced to, and takes another version of the registry', async () => {
    const [tag = ''] = runbook.practice.inRegistry ?? [];
    await docker('service', 'update', '--detach', '--force', service);
    await expect.poll(update, { timeout: 30_000 }).toBe('completed');
    await docker('service', 'update', '--detach', '--image', `${service}:${tag}`, service);
    await expect.poll(update, { timeout: 30_000 }).toBe('completed');
    const seen = await tasks('{{.Image}} {{.DesiredState}}');
    const wanted = seen.split('\n').filter((line) => line.endsWith(' Running'));
    expect(wanted.every((line) => line.startsWith(`${service}:${tag}`))).toBe(true);
  });
});

describe('a rollback on the range that fails by its health check', () => {
  it('is paused by the engine, which says by which task', async () => {
    const world = await openRangeSwarm(['never-healthy']);
    try {
      const env = { HOME: world.folder, DOCKER_CONFIG: world.folder };
      const docker = async (...args: string[]): Promise<string> =>
        (
          await run(dockerClient!, ['-H', `unix://${world.socket}`, ...args], { env })
        ).stdout.trim();
      await docker('service', 'rollback', '--detach', service);
      const status = '{{.UpdateStatus.State}} {{.UpdateStatus.Message}}';
      await expect
        .poll(() => docker('service', 'inspect', '--format', status, service), { timeout: 30_000 })
        .toMatch(
          /^rollback_paused update paused due to failure or early termination of task \w{25}$/,
        );
      expect(await docker('service', 'ps', '--format', '{{.CurrentState}}', service)).toMatch(
        /^Complete/m,
      );
    } finally {
      await world.close();
    }
  });
});
