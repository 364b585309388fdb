import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { dockerTargetsOf } from '../fakes/docker-targets.js';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { createRange } from '../../main/range/range.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { describeDockerPort, specFor } from './docker-port.contract.js';

const signal = new AbortController().signal;
const runbook = soundRunbook(builtInText);
const repository = dockerTargetsOf(runbook).repository;

describeDockerPort('the practice range', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'range-port-'));
  const range = createRange({ folder: path.join(folder, 'range'), socketFolder: folder });
  // In the range it is the sick version that can be made to ignore a stop.
  const { engines } = await range.open(runbook, { fresh: true, faults: ['ignores-stop'] });
  const port = createDockerAdapter(engines[0]!.socket!);
  const idOf = async (version: string): Promise<string> =>
    (await port.image(`${repository}:${version}`, signal)).id;
  const images = {
    healthy: await idOf(runbook.practice.healthy[0]!),
    sick: await idOf(runbook.practice.sick),
  };
  const occupiers: Server[] = [];
  return {
    port,
    repository,
    images,
    unreachable: createDockerAdapter(path.join(folder, 'nobody.sock')),
    makeContainer: async (options) => {
      const image = options.ignoresStop === true ? images.sick : images.healthy;
      const { id } = await port.create(options.name, specFor(image, options), signal);
      return { id, name: options.name };
    },
    occupy: (taken) =>
      new Promise((resolve, reject) => {
        const server = createServer().once('error', reject);
        occupiers.push(server);
        server.listen({ host: '127.0.0.1', port: taken }, () => {
          resolve(
            () =>
              new Promise((free) => {
                server.close(() => {
                  free();
                });
              }),
          );
        });
      }),
    cleanUp: async () => {
      await range.close();
      await Promise.all(occupiers.map((server) => new Promise((resolve) => server.close(resolve))));
      await rm(folder, { recursive: true, force: true });
    },
  };
});
