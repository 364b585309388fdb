import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttpAdapter } from '../../../../main/connections/http-adapter.js';

const { signal } = new AbortController();
const http = createHttpAdapter();
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/health`;
}

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const get = (url: string, timeoutMs = 5_000) => ({ method: 'GET', url, timeoutMs }) as const;

test('gives back any status that came, with its body', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(503).end('{"status":"unhealthy"}'),
  );
  expect(await http.request(get(url), signal)).toMatchObject({
    status: 503,
    body: '{"status":"unhealthy"}',
  });
});

test('sends a body with its length and the headers it was given', async () => {
  const url = await serve((request, response) => {
    void request.toArray().then((chunks) => {
      response.end(
        `${request.headers['content-type'] ?? ''} ${request.headers['content-length'] ?? ''} ${Buffer.concat(chunks as Buffer[]).toString()}`,
      );
    });
  });
  const headers = { 'content-type': 'application/json' };
  const { body } = await http.request(
    { ...get(url), method: 'POST', headers, body: '"ü"' },
    signal,
  );
  expect(body).toBe('application/json 4 "ü"');
});

test('cuts a long answer at 64 KiB and does not wait for the rest', async () => {
  const url = await serve((_request, response) => {
    response.write('x'.repeat(70_000));
  });
  expect((await http.request(get(url), signal)).body).toHaveLength(64 * 1024);
});

test('takes a redirect for an answer', async () => {
  const url = await serve((_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  expect(await http.request(get(url), signal)).toMatchObject({ status: 302 });
});

test('goes straight to the address whatever proxy the environment names', async () => {
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) {
    vi.stubEnv(name, 'http://127.0.0.1:1');
  }
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  const url = await serve((_request, response) => response.end('ok'));
  expect(await createHttpAdapter().request(get(url), signal)).toMatchObject({ status: 200 });
});

test('says that nobody listens, that the line broke, that no answer came in time', async () => {
  const code = { code: 'HTTP_NO_ANSWER' };
  await expect(http.request(get('http://127.0.0.1:1/'), signal)).rejects.toMatchObject(code);
  const broken = await serve((request) => request.socket.destroy());
  await expect(http.request(get(broken), signal)).rejects.toMatchObject(code);
  const half = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{');
    setImmediate(() => request.socket.destroy());
  });
  await expect(http.request(get(half), signal)).rejects.toMatchObject(code);
  const silent = await serve(() => undefined);
  await expect(http.request(get(silent, 50), signal)).rejects.toThrow(/no answer within 0\.05 s/);
});

test('stops waiting when the signal fires', async () => {
  const url = await serve(() => undefined);
  const stop = new AbortController();
  const asked = http.request(get(url), stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'STEP_STOPPED' });
});
