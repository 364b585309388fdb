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
  readonly next: string;
  readonly kept: string;
  readonly port: number;
  readonly url: string;
  readonly imageId: (tag: string) => string;
  /** Containers whose name begins with ours, running or not. */
  readonly names: () => Promise<readonly string[]>;
};

/** Which image serves when the test begins; null for none. */
export type LabPlan = { readonly serves: string | null };

export const labTest = test.extend<{ labPlan: LabPlan; lab: Lab }>({
  labPlan: [{ serves: 'v1.2.0' }, { option: true }],
  lab: async ({ labPlan }, use) => {
    const lab = await makeLab();
    try {
      if (labPlan.serves !== null) {
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

async function makeLab(): Promise<Lab> {
  const { images } = realEngine();
  const container = `lastgood-e2e-${randomUUID().slice(0, 8)}`;
  const port = await freePort();
  return {
    container,
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

async function runService({ container, port }: Lab, tag: string): Promise<void> {
  await dockerCommand(
    ...['run', '--detach', '--name', container],
    ...['--publish', `127.0.0.1:${port}:3000`, '--restart', 'unless-stopped'],
    ...['--env', 'API_KEY=kept where it is', '--env', 'COLOUR=blue'],
    ...['--label', 'team=markets', '--volume', `${container}-data:/data`],
    ...['--memory', '256m', '--hostname', 'monitor-1'],
    `lab-service:${tag}`,
  );
}

async function writeRunbook(home: string, { container, url }: Lab): Promise<void> {
  const template = path.join(checkout, 'test/e2e/runbooks/lab-web.yaml');
  const runbook = parse(await readFile(template, 'utf8')) as {
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

async function removeAll({ container, names }: Lab): Promise<void> {
  for (const name of await names()) {
    await dockerCommand('rm', '--force', '--volumes', name);
  }
  await dockerCommand('volume', 'rm', '--force', `${container}-data`);
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
