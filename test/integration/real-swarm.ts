import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { docker } from '../lab/docker-engine.mjs';
import { until } from '../lab/command.mjs';

const Swarm = z.strictObject({ socket: z.string(), address: z.string() });

/** The manager that the lab started; missing is a failure, never a reason to pass by. */
export function realSwarm(): z.infer<typeof Swarm> {
  const { LASTGOOD_TEST_SWARM: swarm } = process.env;
  if (swarm === undefined) {
    throw new Error(
      'LASTGOOD_TEST_SWARM names no swarm: run `npm test`, or `node test/lab/lab.mjs up` first, as root.',
    );
  }
  return Swarm.parse(JSON.parse(swarm));
}

/** The engine's own command line: what it says does not come from our adapter. */
export function swarmCommand(...args: readonly string[]): Promise<string> {
  return docker(realSwarm().socket, args);
}

export type ServiceOptions = {
  readonly tag?: string;
  readonly replicas?: number;
  /** The port at the lab's address where it answers; then one replica only. */
  readonly port?: number;
  /** False for a version whose tasks never come up. */
  readonly isAwaited?: boolean;
  readonly more?: readonly string[];
};

/** A service of its own for a test. */
export async function makeService(options: ServiceOptions = {}): Promise<string> {
  const { tag = 'v1.1.0', replicas = 1, port, isAwaited = true, more = [] } = options;
  const name = `lastgood-swarm-${randomUUID().slice(0, 8)}`;
  const published =
    port === undefined ? [] : ['--publish', `mode=host,published=${port},target=3000`];
  await swarmCommand(
    ...['service', 'create', '--quiet', '--no-resolve-image', '--name', name],
    ...['--detach', '--update-parallelism', '0', '--rollback-parallelism', '0'],
    ...['--replicas', String(replicas), '--env', 'API_KEY=s3cret-one', '--env', 'COLOUR=blue'],
    ...['--update-monitor', '500ms', '--rollback-monitor', '500ms'],
    ...['--restart-delay', '200ms', '--stop-grace-period', '2s', ...published, ...more],
    `lab-service:${tag}`,
  );
  if (isAwaited) {
    await until(async () => (await runningImages(name)).length === replicas, {
      what: `${replicas} running tasks of ${name}`,
      timeoutMs: 60_000,
    });
  }
  return name;
}

/** Asks only; `untilUpdate` waits for what comes of it. */
export async function updateService(name: string, ...args: readonly string[]): Promise<void> {
  await swarmCommand(
    ...['service', 'update', '--detach', '--quiet', '--no-resolve-image'],
    ...[...args, name],
  );
}

const Seen = z
  .array(
    z.looseObject({
      Version: z.looseObject({ Index: z.int() }),
      Spec: z.looseObject({
        TaskTemplate: z.looseObject({
          ContainerSpec: z.looseObject({ Image: z.string(), Env: z.array(z.string()) }),
        }),
        Mode: z.looseObject({ Replicated: z.looseObject({ Replicas: z.int() }) }),
      }),
      UpdateStatus: z.looseObject({ State: z.string() }).optional(),
    }),
  )
  .length(1);

/** What the engine's own command line says about a service. */
export async function seenService(name: string) {
  const [found] = Seen.parse(JSON.parse(await swarmCommand('service', 'inspect', name)));
  const { Spec: spec, Version: version, UpdateStatus: update } = found!;
  return {
    version: version.Index,
    image: spec.TaskTemplate.ContainerSpec.Image,
    environment: spec.TaskTemplate.ContainerSpec.Env,
    replicas: spec.Mode.Replicated.Replicas,
    update: update?.State ?? null,
  };
}

/** The images that its running tasks have. */
export async function runningImages(name: string): Promise<readonly string[]> {
  const format = '{{.Image}} {{.CurrentState}}';
  const lines = await swarmCommand('service', 'ps', name, '--format', format);
  return lines.split('\n').flatMap((line) => (/ Running /.test(line) ? [line.split(' ')[0]!] : []));
}

export async function untilUpdate(name: string, state: string): Promise<void> {
  await until(async () => (await seenService(name)).update === state, {
    what: `${state} of ${name}`,
    timeoutMs: 60_000,
  });
}
