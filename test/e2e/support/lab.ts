import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { parse, stringify } from 'yaml';
import type { Environment } from '../../../shared/runbook/environment-schema.js';
import { inspected } from '../../integration/docker-procedure.js';
import type { Inspected } from '../../integration/docker-procedure.js';
import { dockerCommand, realEngine } from '../../integration/real-engine.js';
import { test } from './console.js';
import { checkout } from './launch.js';

export { dockerCommand, inspected };
export type { Inspected };

/** A container on the real engine, and the runbook that names it. Everything here is asked of the engine's own client. */
export type Lab = {
  readonly container: string;
  readonly repository: string;
  readonly next: string;
  readonly kept: string;
  readonly port: number;
  readonly url: string;
  readonly imageId: (tag: string) => string;
  /** Containers whose name begins with ours, running or not. */
  readonly names: () => Promise<readonly string[]>;
};

/**
 * Which image serves when the test begins; null for none. With images of its own a test may remove them: the serving
 * one is made for it alone, and others than v1.1.0 and v1.0.0 are not there.
 */
export type LabPlan = { readonly serves: string | null; readonly hasOwnImages?: boolean };

export const labTest = test.extend<{ labPlan: LabPlan; lab: Lab }>({
  labPlan: [{ serves: 'v1.2.0' }, { option: true }],
  lab: async ({ labPlan }, use) => {
    const lab = await makeLab(labPlan);
    try {
      if (labPlan.serves !== null) {
        if (labPlan.hasOwnImages === true) {
          await makeOwnImages(lab, labPlan.serves);
        }
        await runService(lab, labPlan.serves);
      }
      await use(lab);
    } finally {
      await removeAll(lab);
    }
  },
  // The runbook lies there before the console starts.
  home: async ({ home, lab }, use) => {
    await writeRunbook(home, lab);
    await use(home);
  },
});

async function makeLab({ hasOwnImages = false }: LabPlan): Promise<Lab> {
  const { images } = realEngine();
  const container = `lastgood-e2e-${randomUUID().slice(0, 8)}`;
  const port = await freePort();
  return {
    container,
    repository: hasOwnImages ? container : 'lab-service',
    next: `${container}-next`,
    kept: `${container}-before`,
    port,
    url: `http://127.0.0.1:${port}`,
    imageId: (tag) => {
      const id = images[tag];
      if (id === undefined) {
        throw new Error(`LASTGOOD_TEST_IMAGES has no ${tag}.`);
      }
      return id;
    },
    names: async () => {
      const format = ['--format', '{{.Names}}', '--filter', `name=${container}`];
      const listed = await dockerCommand('ps', '--all', ...format);
      return listed.split('\n').filter(Boolean).sort();
    },
  };
}

async function makeOwnImages({ container, repository }: Lab, serves: string): Promise<void> {
  await dockerCommand('create', '--name', container, `lab-service:${serves}`);
  await dockerCommand('commit', container, `${repository}:${serves}`);
  await dockerCommand('rm', container);
  for (const tag of ['v1.1.0', 'v1.0.0']) {
    await dockerCommand('tag', `lab-service:${tag}`, `${repository}:${tag}`);
  }
}

async function runService({ container, port, repository }: Lab, tag: string): Promise<void> {
  await dockerCommand(
    ...['run', '--detach', '--name', container],
    ...['--publish', `127.0.0.1:${port}:3000`, '--restart', 'unless-stopped'],
    ...['--env', 'API_KEY=kept where it is', '--env', 'COLOUR=blue'],
    ...['--label', 'team=markets', '--volume', `${container}-data:/data`],
    ...['--memory', '256m', '--hostname', 'monitor-1'],
    `${repository}:${tag}`,
  );
}

async function writeRunbook(home: string, { container, url, repository }: Lab): Promise<void> {
  const template = path.join(checkout, 'test/e2e/runbooks/lab-web.yaml');
  const text = await readFile(template, 'utf8');
  const own = text.replace('repository: lab-service', `repository: ${repository}`);
  const runbook = parse(own) as {
    readonly environments: readonly Environment[];
  };
  const { socket } = realEngine();
  const environments = runbook.environments.map((environment) => ({
    ...environment,
    url,
    engines: environment.engines.map((engine) => ({ ...engine, socket })),
    variables: { container },
  }));
  const folder = path.join(home, 'runbooks');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'lab-web.yaml'), stringify({ ...runbook, environments }));
}

async function removeAll({ container, names, repository }: Lab): Promise<void> {
  for (const name of await names()) {
    await dockerCommand('rm', '--force', '--volumes', name);
  }
  if (repository === container) {
    for (const image of await imagesOf(repository)) {
      await dockerCommand('image', 'rm', image);
    }
  }
  await dockerCommand('volume', 'rm', '--force', `${container}-data`);
}

/** By name, as the engine's own client lists them. */
export async function imagesOf(repository: string): Promise<readonly string[]> {
  const format = ['--format', '{{.Repository}}:{{.Tag}}'];
  const listed = await dockerCommand('images', ...format, repository);
  return listed.split('\n').filter(Boolean).sort();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What may differ when the same container has been stopped and started again. */
const passing: ReadonlySet<string> = new Set([
  ...['StartedAt', 'FinishedAt', 'Pid', 'SandboxID', 'SandboxKey', 'EndpointID'],
  ...['IPAddress', 'MacAddress', 'ExitCode'],
]);

/** The container as the engine tells it, without what every start makes anew. */
export async function lasting(name: string): Promise<unknown> {
  const text = JSON.stringify(await inspected(name), (key, value: unknown) =>
    passing.has(key) ? undefined : value,
  );
  return JSON.parse(text);
}

export type EngineEvent = { readonly container: string; readonly action: string };

/** What the engine itself noted down for these containers since `sinceMs`, oldest first. */
export async function engineEvents(
  sinceMs: number,
  ids: readonly string[],
): Promise<readonly EngineEvent[]> {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(3);
  const listed = await dockerCommand(
    ...['events', '--since', seconds(sinceMs), '--until', seconds(Date.now())],
    ...['--filter', 'type=container', '--format', '{{.Actor.ID}} {{.Action}}'],
  );
  return listed
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([id = '']) => ids.includes(id))
    .map(([container = '', action = '']) => ({ container, action }));
}
