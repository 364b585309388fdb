import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type FakeEngine = {
  readonly socket: string;
  /** `GET /v1.41/…`, in order. */
  readonly asked: string[];
  close(): Promise<void>;
};

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** Something behind a socket that says its version like an engine, and otherwise does what the test wants. */
export async function fakeEngine(
  handler: Handler,
  version: object = { ApiVersion: '1.41', MinAPIVersion: '1.12', Version: '20.10.24' },
): Promise<FakeEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lastgood-engine-'));
  const socket = path.join(folder, 'engine.sock');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(`${request.method ?? ''} ${url}`);
    if (url.startsWith('/version')) {
      json(response, 200, version);
    } else {
      handler(request, response, url.replace(/^\/v1\.\d+/, '').replace(/\?.*/, ''));
    }
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    socket,
    asked,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export const runningContainer = {
  Id: 'c'.repeat(64),
  Name: '/web',
  Image: `sha256:${'a'.repeat(64)}`,
  State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: '2026-01-15T10:00:00.5Z' },
  Config: { Image: 'web:1', Tty: false, Labels: null },
  HostConfig: { RestartPolicy: { Name: '', MaximumRetryCount: 0 } },
};
