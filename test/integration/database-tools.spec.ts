import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../main/connections/connection-pool.js';
import { createHostAdapter } from '../../main/connections/host/host-adapter.js';
import type { ToolPlace } from '../../main/connections/ports.js';
import type { DatabaseAddress, Environment } from '../../shared/runbook/environment-schema.js';
import { operatorTypes } from '../contract/database-world.js';
import { Notes } from '../contract/host-world.js';
import { startPrivateSshd } from '../contract/private-sshd.js';
import type { PrivateSshd } from '../contract/private-sshd.js';
import { SshTestLine } from '../contract/ssh-test-line.js';
import type { Cluster } from '../lab/database/cluster.mjs';
import { scriptAtPlace } from './database/script-at-place.js';
import { serverTools } from './database/server-tools.js';
import { startCluster, stopCluster } from './database/watched-cluster.js';

const never = new AbortController().signal;
let cluster: Cluster;
let sshd: PrivateSshd;
let folder: string;
const pools: ConnectionPool[] = [];

beforeAll(async () => {
  cluster = await startCluster();
  sshd = await startPrivateSshd();
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-dumps-'));
});
afterAll(async () => {
  await sshd.stop();
  await stopCluster(cluster);
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };
const address = (): DatabaseAddress => ({
  name: 'main',
  host: 'localhost',
  port: cluster.port,
  database: 'tradewizard',
  user: 'app',
  tls: { mode: 'verify-full', ca: cluster.ca },
});

function tools(more: Partial<DatabaseAddress>, environment: Partial<Environment> = {}) {
  const pool = createConnectionPool(
    {
      name: 'lab',
      tier: 'staging',
      url: 'http://localhost:1',
      engines: [],
      hosts: [{ name: 'db-1', address: 'db-1' }],
      variables: {},
      databases: [{ ...address(), ...more }],
      ...environment,
    },
    {
      questions: operatorTypes(cluster.password),
      describe: () => Promise.resolve([]),
      open: () => {
        const line = new SshTestLine(sshd, sshd.port);
        const port = createHostAdapter(line, { name: 'db-1', questions });
        return { port, close: () => line.close() };
      },
    },
  );
  pools.push(pool);
  return pool.connections.databaseTools('main');
}

/** Dumps with the real program, as a step would; hostile values of libpq's variables stand before. */
async function dump({ programs, host, as, connection }: ToolPlace): Promise<string> {
  const file = path.join(folder, `${randomUUID()}.dump`);
  const work = `'${programs.pg_dump.path}' -Fc -w -f '${file}'
'${programs.psql.path}' -X -w -A -t -c "SELECT 'tls ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"`;
  const script = `export PGHOST=nowhere PGPORT=1 PGUSER=x PGPASSWORD=wrong PGOPTIONS=--nonsense PGSERVICE=x PGSSLMODE=disable
${scriptAtPlace(connection, work)}`;
  const notes = new Notes();
  const id = { runId: `tools-${randomUUID().slice(0, 8)}`, name: 'dump' };
  const secrets = await connection.secrets(never);
  const state = await host.run(
    { id, as, parts: [{ name: 'dump', script }], secrets },
    notes,
    never,
  );
  await host.cleanUp(id.runId, never);
  expect(notes.all.join('\n')).not.toContain(cluster.password);
  expect([notes.errors, state.status]).toEqual([[], 'ended']);
  expect(notes.lines).toEqual(['tls true']);
  return file;
}

test('on a host, with the certificate authority and the password brought along', async () => {
  const place = await tools({ tools: [{ host: 'db-1' }] }).place(never);

  expect(place).toMatchObject({
    kind: 'host',
    name: 'db-1',
    survivesLaptop: true,
    reason: expect.stringMatching(/own version 15.*goes on there/) as string,
  });
  const file = await dump(place);
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('PGDMP');
});

test('on this laptop through a tunnel, with the name in the certificate verified', async () => {
  const place = await tools({ via: 'db-1', tools: [{ local: true }] }).place(never);

  expect(place).toMatchObject({ kind: 'local', survivesLaptop: false });
  expect(place.connection.environment()).toContain('PGHOSTADDR=127.0.0.1');
  expect(existsSync(await dump(place))).toBe(true);
});

test('where nothing is named it is the host of the tunnel', async () => {
  expect(await tools({ via: 'db-1' }).place(never)).toMatchObject({ kind: 'host', name: 'db-1' });
});

test('a place that cannot be used is passed over, and the reason says why', async () => {
  const place = await tools({
    tools: [
      { container: 'db', engine: 'docker' },
      { host: 'db-1', reaches: '127.0.0.1:1' },
      { local: true },
    ],
  }).place(never);

  expect(place.kind).toBe('local');
  expect(place.reason).toMatch(
    /no engine called docker.*db-1: the database does not answer from there/,
  );
  const none = tools({ tools: [{ host: 'db-1', reaches: '127.0.0.1:1' }] }).place(never);
  await expect(none).rejects.toMatchObject({ code: 'DATABASE_TOOLS_MISSING' });
});

test('another server at the place is found out before it is asked anything and before anything is begun', async () => {
  const other = await startCluster({ isOther: true });
  try {
    const { connection, host, as } = await tools({
      tools: [{ host: 'db-1', reaches: `localhost:${String(other.port)}` }],
      tls: { mode: 'require' },
    }).place(never);
    const script = scriptAtPlace(connection, 'echo begun', 'select lo_create(4711)');
    const notes = new Notes();
    const id = { runId: 'other', name: 'look' };
    const secrets = await connection.secrets(never);
    await host.run({ id, as, parts: [{ name: 'look', script }], secrets }, notes, never);
    await host.cleanUp('other', never);

    expect(notes.lines).toEqual([]);
    expect(notes.errors).toEqual(['another server than that of main answers there']);
    const made = 'select count(*) from pg_largeobject_metadata';
    expect(serverTools(other).psql(made, 'tradewizard')).toBe('0');
  } finally {
    await stopCluster(other);
  }
});
