import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readContext } from '../../../../../main/connections/docker/context-files.js';
import { socketWay } from '../../../../../main/connections/docker/socket-way.js';
import { writeDockerContext } from '../../../../integration/docker-contexts.js';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'lastgood-pipe-'));
});
afterEach(() => rm(home, { recursive: true }));

test.each([
  ['npipe:////./pipe/docker_engine', String.raw`\\.\pipe\docker_engine`],
  ['npipe:////./pipe/dockerDesktopLinuxEngine', String.raw`\\.\pipe\dockerDesktopLinuxEngine`],
])('a context at %s leads to the pipe %s', async (host, pipe) => {
  writeDockerContext(home, 'desk', { Host: host });
  expect(await readContext('desk', home)).toEqual({ kind: 'socket', path: pipe });
});

test('a context with a pipe that is named relatively is refused', async () => {
  writeDockerContext(home, 'desk', { Host: 'npipe://docker_engine' });
  await expect(readContext('desk', home)).rejects.toMatchObject({
    code: 'DOCKER_WAY_UNUSABLE',
  });
});

// On Windows such a path is a pipe, elsewhere the name of a socket; either goes to the system as it is written.
test('what is behind a path is spoken to as it is written, whatever its slashes', async () => {
  const file = path.join(home, String.raw`.\pipe\engine`);
  const server = createServer((socket) => socket.end('here'));
  server.listen(file);
  await once(server, 'listening');
  const line = await socketWay(file).connect(AbortSignal.timeout(5_000));
  const [heard] = (await once(line, 'data')) as [Buffer];
  expect(heard.toString()).toBe('here');
  line.destroy();
  server.close();
  await once(server, 'close');
});
