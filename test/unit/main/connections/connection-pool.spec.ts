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

function environment(socket: string): Environment {
  const engines = [{ name: 'docker', kind: 'docker' as const, socket }];
  return { name: 'staging', tier: 'staging', url: 'http://127.0.0.1:1', engines, variables: {} };
}

test('shows a light for each engine', async () => {
  const engine = await fakeEngine((_request, response) => {
    json(response, 404, {});
  });
  closing.push(engine.close);
  expect(await createConnectionPool(environment(engine.socket)).check(signal)).toEqual([
    {
      name: 'docker',
      state: 'ok',
      text: 'Engine 20.10.24, API 1.41',
      uses: [`socket ${engine.socket} of this computer`],
    },
  ]);
});

test('says in words why a light is bad, and rejects nothing', async () => {
  const lights = await createConnectionPool(environment('/tmp/lastgood-none.sock')).check(signal);
  expect(lights.map(({ state }) => state)).toEqual(['bad']);
  expect(lights[0]?.text).toContain('There is no socket at /tmp/lastgood-none.sock');
});

test('opens each engine once and knows only those of its environment', () => {
  const { connections } = createConnectionPool(environment('/tmp/x.sock'));
  expect(connections.docker('docker')).toBe(connections.docker('docker'));
  expect(() => connections.docker('other')).toThrow(/staging has no engine called other/);
});
