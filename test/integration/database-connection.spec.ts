import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../main/connections/connection-pool.js';
import type { Questions } from '../../main/connections/questions.js';
import type { DatabaseAddress } from '../../shared/runbook/environment-schema.js';
import { asAdmin, operatorTypes } from '../contract/database-world.js';
import { startPooler } from '../lab/database/cluster.mjs';
import type { Cluster } from '../lab/database/cluster.mjs';
import { startCluster, stopCluster } from './database/watched-cluster.js';

const never = new AbortController().signal;
let cluster: Cluster;
const pools: ConnectionPool[] = [];

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** The database as the product puts it together from a runbook's environment. */
function database(
  address: Partial<DatabaseAddress>,
  questions: Questions = operatorTypes(cluster.password),
  given: ReadonlyMap<string, string> = new Map(),
) {
  const none = (): never => {
    throw new Error('No host is reached here.');
  };
  const pool = createConnectionPool(
    {
      name: 'lab',
      tier: 'staging',
      url: 'http://localhost:1',
      engines: [],
      variables: {},
      databases: [
        {
          name: 'main',
          ...(address.url === undefined
            ? { host: '127.0.0.1', port: cluster.port, database: 'tradewizard', user: 'app' }
            : {}),
          ...address,
        },
      ],
    },
    { questions, givenPasswords: given, describe: () => Promise.resolve([]), open: none },
  );
  pools.push(pool);
  return pool.connections.database('main');
}

test('nothing that the environment or this account’s files say leads it elsewhere', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'lastgood-home-'));
  writeFileSync(path.join(home, '.pgpass'), '*:*:*:*:nonsense\n', { mode: 0o600 });
  writeFileSync(path.join(home, '.pg_service.conf'), '[x]\nhost=nowhere\nport=1\n');
  const nonsense = {
    HOME: home,
    PGHOST: 'nowhere.invalid',
    PGHOSTADDR: '203.0.113.1',
    PGPORT: '1',
    PGDATABASE: 'nowhere',
    PGUSER: 'nobody',
    PGPASSWORD: 'nonsense',
    PGPASSFILE: path.join(home, '.pgpass'),
    PGSERVICE: 'x',
    PGSERVICEFILE: path.join(home, '.pg_service.conf'),
    PGOPTIONS: '-c default_transaction_read_only=on -c search_path=nowhere',
    PGSSLMODE: 'disable',
    PGSSLROOTCERT: '/nowhere',
    PGSSLNEGOTIATION: 'direct',
    PGAPPNAME: 'nonsense',
    PGCLIENTENCODING: 'LATIN1',
    PGDATESTYLE: 'German',
    PGTZ: 'Asia/Tokyo',
    PGCONNECT_TIMEOUT: '0',
    PGTARGETSESSIONATTRS: 'standby',
    NODE_PG_FORCE_NATIVE: '1',
  };
  for (const [name, value] of Object.entries(nonsense)) {
    vi.stubEnv(name, value);
  }
  const tls = { mode: 'verify-full', ca: cluster.ca } as const;
  const port = database({ host: 'localhost', tls });

  expect(await port.info(never)).toMatchObject({
    database: 'tradewizard',
    user: 'app',
    isTls: true,
  });
  const sql = `SELECT current_setting('application_name') AS app, current_setting('search_path') AS path,
    inet_server_port()::text AS port, '2026-01-02Z'::timestamptz::text AS at`;
  expect(await port.read(sql, [], never)).toEqual([
    {
      app: 'lastgood',
      path: '"$user", public',
      port: String(cluster.port),
      at: '2026-01-02 00:00:00+00',
    },
  ]);
  await port.transact([{ sql: "UPDATE settings SET value = 'manual'" }], never);
  rmSync(home, { recursive: true });
});

test.each([
  ['another authority', { host: 'localhost', tls: { mode: 'verify-full' } }, 'other'],
  ['another authority', { host: 'localhost', tls: { mode: 'verify-ca' } }, 'other'],
  ['no authority at all', { host: 'localhost', tls: { mode: 'verify-full' } }, null],
  ['another name', { host: '127.0.0.1', tls: { mode: 'verify-full' } }, 'own'],
] as const)('a server with %s gets no password: %o', async (_why, { host, tls }, authority) => {
  const operator = operatorTypes(cluster.password);
  const ca = authority === 'other' ? cluster.otherCa : cluster.ca;
  const address = { host, tls: { ...tls, ...(authority === null ? {} : { ca }) } };
  const info = database(address, operator).info(never);

  await expect(info).rejects.toMatchObject({ code: 'DATABASE_TLS_REFUSED' });
  expect(operator.asked).toEqual([]);
});

test('verify-ca takes another name, and the authority may stand in the runbook itself', async () => {
  const { readFileSync } = await import('node:fs');
  const ca = readFileSync(cluster.ca, 'utf8');
  const port = database({ tls: { mode: 'verify-ca', ca } });
  expect(await port.info(never)).toMatchObject({ isTls: true });
});

test('a server without TLS is not talked to in the clear', async () => {
  await asAdmin(cluster, 'ALTER SYSTEM SET ssl = off');
  await asAdmin(cluster, 'SELECT pg_reload_conf()');
  const tls = { mode: 'require' } as const;
  const refused = () =>
    database({ host: 'localhost', tls })
      .info(never)
      .then(
        () => 'connected',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : 'other'),
      );
  await expect.poll(refused).toBe('DATABASE_TLS_REFUSED');
  await asAdmin(cluster, 'ALTER SYSTEM RESET ssl');
  await asAdmin(cluster, 'ALTER SYSTEM SET ssl = on');
  await asAdmin(cluster, 'SELECT pg_reload_conf()');
  await expect.poll(refused).toBe('connected');
});

test('a wrong password is asked for anew, three times at most', async () => {
  const operator = operatorTypes('wrong', cluster.password);
  expect(await database({}, operator).info(never)).toMatchObject({ user: 'app' });
  expect(operator.asked.map((question) => question.includes('"wasWrong":true'))).toEqual([
    false,
    true,
  ]);

  const stubborn = operatorTypes('a', 'b', 'c', 'd');
  await expect(database({}, stubborn).info(never)).rejects.toMatchObject({
    code: 'DATABASE_LOGIN_REFUSED',
    message: expect.not.stringMatching(/\bc\b:/) as string,
  });
  expect(stubborn.asked).toHaveLength(3);
  await expect(database({}, operatorTypes()).info(never)).rejects.toMatchObject({
    code: 'DATABASE_LOGIN_REFUSED',
  });
});

test('a password given at the start is used, and a wrong one is tried once', async () => {
  const nobody = operatorTypes();
  const right = new Map([['tw', cluster.password]]);
  expect(await database({ secret: 'tw' }, nobody, right).info(never)).toMatchObject({
    user: 'app',
  });
  const wrong = database({ secret: 'tw' }, nobody, new Map([['tw', 'wrong']]));
  await expect(wrong.info(never)).rejects.toMatchObject({ code: 'DATABASE_LOGIN_REFUSED' });
  expect(nobody.asked).toEqual([]);
});

test('what does not answer, and what answers something else, is unreachable', async () => {
  await expect(database({ port: 1 }).info(never)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  });
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(database({ port }).info(never)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  });
  server.close();
  await expect(database({ database: 'nowhere' }).info(never)).rejects.toMatchObject({
    code: 'DATABASE_LOGIN_REFUSED',
    message: expect.stringContaining('3D000') as string,
  });
});

test('an API address is recognised, and it is said where the right one stands', () => {
  expect(() => database({ url: 'https://abcdefgh.supabase.co' })).toThrow(
    expect.objectContaining({
      code: 'DATABASE_IS_API_URL',
      message: expect.stringContaining('db.abcdefgh.supabase.co') as string,
    }),
  );
});

test.each(['transaction', 'session', 'statement'] as const)(
  'a pooler in %s mode is recognised by how it answers',
  async (mode) => {
    const pooler = await startPooler(cluster, mode);
    const port = database({ port: pooler.port });
    try {
      if (mode === 'session') {
        expect(await port.mustBeDirect(never)).toMatchObject({
          pooler: { kind: 'pgbouncer', mode },
        });
      } else {
        await expect(port.mustBeDirect(never)).rejects.toMatchObject({
          code: 'DATABASE_POOLED',
          message: expect.stringContaining(`in ${mode} mode`) as string,
        });
      }
    } finally {
      await port.close();
      pooler.stop();
    }
  },
);

test('of a Supabase database only the application’s schemas are the application’s', async () => {
  const info = await database({ database: 'supabase_like' }).info(never);
  expect(info).toMatchObject({ flavour: 'supabase', schemas: ['public'] });
});
