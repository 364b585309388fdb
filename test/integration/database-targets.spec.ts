import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../main/connections/connection-pool.js';
import { databasesBeside, previewBeside } from '../../main/runs/databases-beside.js';
import { findTargets, previewTarget } from '../../main/runs/target-search.js';
import type { SearchPlace } from '../../main/runs/target-search.js';
import type { ChosenSchemas } from '../../shared/plan/application-schemas.js';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import type { StartedRun } from '../../shared/run/state.js';
import { operatorTypes } from '../contract/database-world.js';
import type { Cluster } from '../lab/database/cluster.mjs';
import { serverTools } from './database/server-tools.js';
import { startCluster, stopCluster } from './database/watched-cluster.js';

const never = new AbortController().signal;
const service = { kind: 'docker', engine: 'docker', container: 'tw' } as const;
let cluster: Cluster;
let folder: string;
let pool: ConnectionPool;

beforeAll(async () => {
  cluster = await startCluster();
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-backups-'));
  pool = createConnectionPool(
    {
      name: 'lab',
      tier: 'staging',
      url: 'http://localhost:1',
      engines: [],
      variables: {},
      databases: [
        {
          name: 'main',
          host: '127.0.0.1',
          port: cluster.port,
          database: 'tradewizard',
          user: 'app',
        },
        {
          name: 'platform',
          host: '127.0.0.1',
          port: cluster.port,
          database: 'supabase_like',
          user: 'app',
          secret: 'main',
        },
      ],
    },
    {
      questions: operatorTypes(cluster.password),
      describe: () => Promise.resolve([]),
      open: () => {
        throw new Error('No host is reached here.');
      },
    },
  );
  dump('whole.dump', '-Fc', 'tradewizard');
  dump('folder', '-Fd', 'tradewizard');
  dump('plain.sql', '-Fp', 'tradewizard');
  dump('other.dump', '-Fc', 'supabase_like');
  const whole = readFileSync(at('whole.dump'));
  writeFileSync(at('half.dump'), whole.subarray(0, whole.length / 2));
  writeFileSync(at('stump.dump'), whole.subarray(0, 200));
  writeFileSync(at('empty.dump'), '');
  writeFileSync(at('letter.dump'), 'Dear all');
  writeFileSync(at('notes.txt'), 'not one of them');
  copyFileSync(at('whole.dump'), at("it's $(touch x) here.dump"));
});
afterAll(async () => {
  await pool.close();
  await stopCluster(cluster);
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, name);

function dump(name: string, format: string, database: string): void {
  const where = ['-h', cluster.socketFolder, '-p', String(cluster.port), '-U', 'postgres'];
  execFileSync(path.join(cluster.bin, 'pg_dump'), [...where, format, '-f', at(name), database]);
}

test('backups are listed by what their own headers say, and what is wrong with them', async () => {
  const place: SearchPlace = { kind: 'postgres.backups', database: 'main', folder, service };
  const targets = await findTargets(pool.connections, place, never);
  const problems = Object.fromEntries(targets.map(({ version, problem }) => [version, problem]));

  expect(problems).toEqual({
    'whole.dump': undefined,
    folder: undefined,
    "it's $(touch x) here.dump": undefined,
    'half.dump': undefined,
    'plain.sql': expect.stringContaining('plain SQL') as string,
    'other.dump': 'It is of another database: supabase_like.',
    'stump.dump': expect.stringContaining('pg_restore cannot read it') as string,
    'empty.dump': 'It is empty.',
    'letter.dump': 'It is no backup of pg_dump.',
  });
  expect(targets.find(({ version }) => version === 'whole.dump')).toMatchObject({
    id: at('whole.dump'),
    sizeBytes: readFileSync(at('whole.dump')).length,
    subject: expect.stringMatching(
      /^custom, of tradewizard, server 15\..*, pg_dump 15\./,
    ) as string,
    createdAt: expect.stringMatching(/Z$/) as string,
  });
});

test('the preview reads a backup to its end, so that half of one is found out', async () => {
  const place: SearchPlace = { kind: 'postgres.backups', database: 'main', folder, service };
  const targets = await findTargets(pool.connections, place, never);
  const preview = async (name: string) => {
    const target = targets.find(({ version }) => version === name);
    return target === undefined
      ? []
      : await previewTarget(pool.connections, place, target, '2026-01-01T00:00:00Z', never);
  };
  const state = async (name: string) =>
    (await preview(name)).map((item) => `${item.id} ${item.state}`);

  expect(await state('whole.dump')).toEqual([
    'database green',
    'tools amber',
    'target green',
    'downtime amber',
    'in-the-way green',
    'loss amber',
  ]);
  const downtime = (await preview('whole.dump')).find(({ id }) => id === 'downtime')?.text;
  expect(downtime).toMatch(
    /^Restored in place: about \d+ s to \d+ s .* estimated from the \d+\.\d s .* swapped: about 1 s to 5 s, /,
  );
  expect(await state('half.dump')).toEqual(['database green', 'tools amber', 'target red']);
  expect(await state('other.dump')).toContain('target red');
});

test('the preview says which schemas are taken back, and that a platform’s own never are', async () => {
  const place = { kind: 'postgres.backups', database: 'platform', folder, service } as const;
  const target = (await findTargets(pool.connections, place, never)).find(
    ({ version }) => version === 'other.dump',
  );
  const preview = async (schemas: ChosenSchemas) =>
    target === undefined
      ? []
      : await previewTarget(pool.connections, { ...place, schemas }, target, 'now', never);
  const said = (items: readonly PreviewItem[], id: string) => items.find((one) => one.id === id);

  const unnamed = await preview({ restored: null, unnamed: ['Back up', 'Restore'] });
  expect(said(unnamed, 'schemas')).toMatchObject({
    state: 'red',
    text: expect.stringMatching(
      /^Refused before anything is touched: Back up, Restore\. .* not the platform’s: public\. /,
    ) as string,
  });
  expect(said(unnamed, 'loss')).toBeUndefined();
  const named = await preview({ restored: ['public'], unnamed: [] });
  expect(said(named, 'schemas')).toMatchObject({
    state: 'green',
    text: 'Only these are taken back: public',
  });
  expect(said(named, 'loss')?.text).toContain('public.markets');
  expect(said(named, 'loss')?.text).not.toContain('auth.users');
});

test('migrations are listed from the history, with the ways down that are missing', async () => {
  const downs = at('migrations');
  mkdirSync(downs);
  writeFileSync(path.join(downs, '20260301000000_signals.down.sql'), 'SELECT 1;');
  const history = { table: 'public.schema_migrations', column: 'version' };
  const place: SearchPlace = {
    kind: 'postgres.migrations',
    database: 'main',
    folder: downs,
    history,
    service,
  };
  const found = () => findTargets(pool.connections, place, never);

  expect(await found()).toMatchObject([
    { id: '20260301000000', isServing: true },
    { id: '20260101000000', isServing: false, subject: 'undoes 1 after it' },
  ]);
  expect((await found())[1]?.problem).toBeUndefined();
  rmSync(path.join(downs, '20260301000000_signals.down.sql'));
  expect((await found())[1]?.problem).toContain('No down-migration');
});

test('of a Supabase-style history it is said that its repair takes nothing back', async () => {
  serverTools(cluster).psql(
    `grant usage on schema supabase_migrations to app; grant select on supabase_migrations.schema_migrations to app;
     insert into supabase_migrations.schema_migrations values ('20260201000000', 'second', null);`,
    'supabase_like',
  );
  const downs = at('platform-migrations');
  mkdirSync(downs);
  const place: SearchPlace = {
    kind: 'postgres.migrations',
    database: 'platform',
    folder: downs,
    history: { table: 'supabase_migrations.schema_migrations', column: 'version' },
    service,
  };
  const [newest, before] = await findTargets(pool.connections, place, never);
  if (newest === undefined || before === undefined) {
    throw new Error('There are two migrations.');
  }
  const saidOf = async (target: Target) => {
    const items = await previewTarget(pool.connections, place, target, 'now', never);
    return items.find(({ id }) => id === 'target')?.text;
  };
  const repair =
    '“supabase migration repair” only edits supabase_migrations.schema_migrations and changes no schema: it takes nothing back.';

  expect(await saidOf(newest)).toBe(`20260201000000: applied last. ${repair}`);
  expect(await saidOf(before)).toBe(`No down-migration in ${downs} for 20260201000000. ${repair}`);
  expect(await saidOf({ ...newest, id: 'gone', version: 'gone' })).toBe(
    `gone is not in supabase_migrations.schema_migrations. ${repair}`,
  );
});

test('of a procedure for code, what becomes of its database is looked at as well', async () => {
  const steps = (backup: string) =>
    [
      { kind: 'host.check-release', with: { host: 'app' } },
      { kind: 'postgres.backup', with: { database: 'main', file: '/backups/now.dump' } },
      { kind: 'postgres.restore', with: { database: 'main', backup } },
    ].map((step, index) => ({ ...step, id: `s${String(index)}`, title: `Step ${String(index)}` }));
  const preview = async (backup: string, targets = 'host.releases') => {
    const started = {
      runbook: { service: { name: 'tw' } },
      environment: { name: 'lab', variables: { backup: at('whole.dump') } },
      procedure: { targets: { kind: targets }, steps: steps(backup) },
    } as unknown as StartedRun;
    const items = await previewBeside(
      pool.connections,
      databasesBeside(started),
      '2026-01-01T00:00:00Z',
      never,
    );
    return items.map(({ id, state }) => `${id} ${state}`);
  };

  expect(await preview('{{backup}}')).toEqual([
    'database green',
    'tools amber',
    'backup green',
    'downtime amber',
    'in-the-way green',
    'loss amber',
  ]);
  expect(await preview(at('half.dump'))).toEqual(['database green', 'tools amber', 'backup red']);
  expect(await preview('/backups/{{target.version}}.dump')).toEqual([
    'database green',
    'tools amber',
  ]);
  expect(await preview('{{backup}}', 'postgres.backups')).toEqual([]);
});
