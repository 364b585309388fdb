import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createConnectionPool } from '../../../../main/connections/connection-pool.js';
import type { Environment } from '../../../../shared/runbook/environment-schema.js';
import { fakeEngine, json } from './fake-engine.js';

const { signal } = new AbortController();
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) {
    await close();
  }
});

function environment(url: string, socket: string): Environment {
  const engines = [{ name: 'docker', kind: 'docker' as const, socket }];
  return { name: 'staging', tier: 'staging', url, engines, variables: {} };
}

test('shows a light for each engine and one for the health address, whatever it answers', async () => {
  const engine = await fakeEngine((_request, response) => {
    json(response, 404, {});
  });
  const service = createServer((request, response) => {
    response.writeHead(request.url === '/health' ? 503 : 404).end();
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  closing.push(engine.close, () => service.close());
  const { port } = service.address() as AddressInfo;
  const pool = createConnectionPool(
    environment(`http://127.0.0.1:${port}`, engine.socket),
    '/health',
  );
  expect(await pool.check(signal)).toEqual([
    { name: 'docker', state: 'ok', text: 'Engine 20.10.24, API 1.41' },
    { name: 'health', state: 'ok', text: 'Answers with 503' },
  ]);
});

test('says in words why a light is bad, and rejects nothing', async () => {
  const pool = createConnectionPool(
    environment('http://127.0.0.1:1', '/tmp/lastgood-none.sock'),
    '/health',
  );
  const lights = await pool.check(signal);
  expect(lights.map(({ state }) => state)).toEqual(['bad', 'bad']);
  expect(lights[0]?.text).toContain('There is no socket at /tmp/lastgood-none.sock');
  expect(lights[1]?.text).toContain('nobody listens there');
});

test('opens each engine once and knows only those of its environment', () => {
  const { connections } = createConnectionPool(
    environment('http://127.0.0.1:1', '/tmp/x.sock'),
    '/',
  );
  expect(connections.docker('docker')).toBe(connections.docker('docker'));
  expect(() => connections.docker('other')).toThrow(/staging has no engine called other/);
});
