import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countDumpRows } from '../../../main/steps/postgres/copy-rows.js';
import { readLoss } from '../../../main/steps/postgres/read-loss.js';
import { readBackupNote } from '../../../main/steps/postgres/backup-note.js';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { run } from '../../unit/main/steps/host/script-bench.js';
import { databaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

const never = new AbortController().signal;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const tables = ['agent_signals', 'markets', 'recommendations', 'schema_migrations', 'settings'];

const change = fc.oneof(
  fc
    .integer({ min: 1, max: 40 })
    .map(
      (n) =>
        `insert into markets (condition_id, title) select gen_random_uuid()::text, E'a\\n\\\\.\\nb' from generate_series(1, ${String(n)});`,
    ),
  fc
    .integer({ min: 1, max: 40 })
    .map(
      (n) =>
        `insert into settings select gen_random_uuid()::text, '\\.' from generate_series(1, ${String(n)});`,
    ),
  fc
    .integer({ min: 1, max: 500 })
    .map(
      (n) =>
        `delete from agent_signals where id in (select id from agent_signals order by id limit ${String(n)});`,
    ),
  fc
    .integer({ min: 1, max: 90 })
    .map((n) => `update markets set title = 'changed' where id <= ${String(n)};`),
);
const changes = fc.array(change, { minLength: 1, maxLength: 6 });

it('is the true difference after the restore, in every table, whatever was written before and since', async () => {
  for (const [before, since] of fc.sample(fc.tuple(changes, changes), 4)) {
    const bench = databaseBench(cluster);
    const count = () => tables.map((table) => Number(bench.admin(`select count(*) from ${table}`)));
    bench.admin(before.join(''));
    const old = bench.backups('old.dump');
    await bench.on('postgres.backup', { file: old, run }).act();
    const marketsBefore = Number(bench.admin('select coalesce(max(id), 0) from markets'));
    bench.admin(since.join(''));
    const place = await bench.tools.place(never);
    const note = await readBackupNote(place, old, never);
    const predicted = await readLoss(
      bench.port,
      {
        schemas: ['public'],
        times: { 'public.markets': 'created_at' },
        estimateAbove: Number.MAX_SAFE_INTEGER,
        withinMs: 600_000,
        since: { at: note?.started ?? '', isExact: true },
      },
      await countDumpRows(place, old, never),
      never,
    );
    const now = count();
    const fresh = bench.backups('fresh.dump');
    await bench.on('postgres.backup', { file: fresh, run }).act();
    const lost = Number(
      bench.admin(`select count(*) from markets where id > ${String(marketsBefore)}`),
    );

    await bench.on('postgres.restore', { backup: old, freshBackup: fresh }).act();

    expect(predicted.map(({ table, now: rows, inBackup }) => [table, rows, inBackup])).toEqual(
      count().map((rows, index) => [
        `public.${tables[index] ?? ''}`,
        { rows: now[index], isExact: true },
        rows,
      ]),
    );
    expect(predicted[1]?.newer).toEqual({ column: 'created_at', rows: lost, isExact: true });
    expect(predicted[4]?.newer).toBe('no-column-named');
  }
});

it('marks as estimated what is not counted', async () => {
  const bench = databaseBench(cluster);
  bench.admin('analyze');

  const predicted = await readLoss(
    bench.port,
    { schemas: null, times: {}, estimateAbove: 10, withinMs: 600_000, since: null },
    new Map([['public.gone', 3]]),
    never,
  );

  expect(predicted.find(({ table }) => table === 'public.markets')?.now).toMatchObject({
    isExact: false,
  });
  expect(predicted.at(-1)).toMatchObject({ table: 'public.gone', inBackup: 3 });
});

it('goes on where a table cannot be counted in time: its figure is the estimate, marked, and all others are exact', async () => {
  const bench = databaseBench(cluster);
  bench.admin('analyze');
  const release = await bench.holding('lock table recommendations in access exclusive mode');

  const predicted = await readLoss(
    bench.port,
    {
      schemas: ['public'],
      times: { 'public.recommendations': 'created_at' },
      estimateAbove: Number.MAX_SAFE_INTEGER,
      withinMs: 600_000,
      since: { at: '2026-01-01T00:00:00Z', isExact: true },
    },
    new Map(),
    never,
  );

  await release();
  const late = predicted.filter(({ isLate }) => isLate);
  expect(late).toEqual([
    {
      table: 'public.recommendations',
      now: { rows: 500, isExact: false },
      isLate: true,
      inBackup: null,
      newer: 'not-counted',
    },
  ]);
  expect(predicted.filter(({ now }) => typeof now === 'object' && now.isExact)).toHaveLength(
    tables.length - 1,
  );
});

it('counts newer rows alone where the table itself is too large to be counted', async () => {
  const bench = databaseBench(cluster);
  bench.admin(`analyze; insert into markets (condition_id, title) values ('x', 'X'), ('y', 'Y')`);

  const predicted = await readLoss(
    bench.port,
    {
      schemas: ['public'],
      times: { 'public.markets': 'created_at' },
      estimateAbove: 100,
      withinMs: 600_000,
      since: { at: new Date(Date.now() - 60_000).toISOString(), isExact: true },
    },
    new Map(),
    never,
  );

  expect(predicted.find(({ table }) => table === 'public.markets')).toMatchObject({
    now: { rows: 500, isExact: false },
    isLate: false,
    newer: { column: 'created_at', rows: 2, isExact: true },
  });
});

it('saves the newer rows to files of this account only, once, and changes nothing', async () => {
  const bench = databaseBench(cluster);
  const old = bench.backups('old.dump');
  await bench.on('postgres.backup', { file: old, run }).act();
  bench.admin(`insert into markets (condition_id, title) values ('x', E'a,"b"\\nc'), ('y', 'Y');`);
  const before = bench.checksum();
  const folder = bench.backups('newer');
  const params = { backup: old, folder, tables: [{ table: 'markets', newest: 'created_at' }], run };

  const { summary } = await bench.on('postgres.save-newer-rows', params).act();

  const file = path.join(folder, 'public.markets.csv');
  const text = readFileSync(file, 'utf8');
  const sum = createHash('sha256').update(text).digest('hex');
  expect(text.trim().split('\n')).toHaveLength(1 + 3);
  expect(text).toContain('"a,""b""\nc"');
  expect(summary).toContain(sum);
  expect(readFileSync(path.join(folder, 'sums'), 'utf8')).toBe(`public.markets.csv=${sum}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(bench.checksum()).toBe(before);
  expect(await bench.on('postgres.save-newer-rows', params).act()).toMatchObject({
    wasAlready: true,
  });
});

it('keeps no half of what it could not save', async () => {
  const bench = databaseBench(cluster);
  const old = bench.backups('old.dump');
  await bench.on('postgres.backup', { file: old, run }).act();
  const tables = [
    { table: 'markets', newest: 'created_at' },
    { table: 'settings', newest: 'made_at' },
  ];
  const step = bench.on('postgres.save-newer-rows', {
    ...{ backup: old, folder: bench.backups('newer'), tables, run },
  });

  await expect(step.act()).rejects.toThrow('nothing was kept');
  expect(readdirSync(bench.at('backups')).sort()).toEqual(['old.dump', 'old.dump.lastgood']);
});
