import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';

let folder = '';
let engine: Server;
let elsewhere: Server;
let asked: string[] = [];
let location = '';

/** What claims to be an engine and sends every change somewhere else. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-redirect-'));
  engine = createServer((request, response) => {
    if (request.url?.includes('/version') === true) {
      response.end(
        JSON.stringify({ Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12' }),
      );
      return;
    }
    response.writeHead(307, { location }).end();
  }).listen(path.join(folder, 'engine.sock'));
  elsewhere = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await Promise.all([once(engine, 'listening'), once(elsewhere, 'listening')]);
});
afterAll(async () => {
  engine.close();
  elsewhere.close();
  await rm(folder, { recursive: true, force: true });
});

const outside = (): string => {
  const address = elsewhere.address();
  return `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}/stopped`;
};

describe('An engine that sends a request elsewhere', () => {
  it.each([
    ['to another address, which would answer that all is well', outside],
    ['to what no client speaks', () => 'ftp://127.0.0.1/x'],
    ['to nothing that is an address', () => 'http://['],
  ])('%s, is refused, and nobody else is asked', async (_what, to) => {
    asked = [];
    location = to();
    const port = createDockerAdapter(path.join(folder, 'engine.sock'));

    await expect(port.stop('web', 1, new AbortController().signal)).rejects.toMatchObject({
      code: 'DOCKER_REFUSED',
    });
    expect(asked).toEqual([]);
  });
});
