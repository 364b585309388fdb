/** One place to roll back: a data folder of its own, a runbook, and the sick version serving on the lab's engine. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { docker } from '../lab/docker-engine.mjs';

const template = fileURLToPath(new URL('../e2e/runbooks/lab-web.yaml', import.meta.url));

/**
 * @typedef {{ home: string, container: string, port: number, oldId: string, targetImageId: string, docker: (...args: string[]) => Promise<string>, remove: () => Promise<void> }} LabPlace
 */

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {string} container
 * @returns {Promise<LabPlace>}
 */
export async function makePlace({ socket }, container) {
  /** @param {string[]} args */
  const ask = (...args) => docker(socket, args);
  const home = await mkdtemp(join(tmpdir(), 'lastgood-kill-'));
  const port = await freePort();
  // Asked anew for each place: the lab's images may be made again between two rounds.
  const targetImageId = await ask('image', 'inspect', '--format', '{{.Id}}', 'lab-service:v1.1.0');
  await writeRunbook(home, { socket, container, port });
  const oldId = await ask(
    ...['run', '--detach', '--name', container, '--restart', 'unless-stopped'],
    ...['--publish', `127.0.0.1:${port}:3000`, '--label', 'team=markets'],
    'lab-service:v1.2.0',
  );
  return {
    home,
    container,
    port,
    oldId,
    targetImageId,
    docker: ask,
    remove: async () => {
      const listed = await ask('ps', '--all', '--quiet', '--filter', `name=${container}`);
      const ids = listed.split('\n').filter(Boolean);
      if (ids.length > 0) {
        await ask('rm', '--force', '--volumes', ...ids);
      }
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** @param {string} home @param {{ socket: string, container: string, port: number }} at */
async function writeRunbook(home, { socket, container, port }) {
  const runbook = parse(await readFile(template, 'utf8'));
  const [environment] = runbook.environments;
  const engines = [{ name: 'docker', kind: 'docker', socket }];
  const url = `http://127.0.0.1:${port}`;
  const environments = [
    { ...environment, url, engines, variables: { container }, watchSeconds: 1 },
  ];
  await mkdir(join(home, 'runbooks'), { recursive: true });
  const file = join(home, 'runbooks', 'lab-web.yaml');
  await writeFile(file, stringify({ ...runbook, environments }));
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
