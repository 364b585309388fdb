import { readFileSync, readdirSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPooler } from '../../lab/database/cluster.mjs';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { run } from '../../unit/main/steps/host/script-bench.js';
import { ready } from './ready.js';
import { serverTools } from './server-tools.js';
import { databaseBench } from './database-bench.js';
import type { DatabaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  // What a test finds must be what the step left.
  const { psql } = serverTools(cluster);
  psql(`alter system set autovacuum_naptime = '1d'`, 'postgres');
  psql('select pg_reload_conf()', 'postgres');
});
afterAll(async () => {
  await stopCluster(cluster);
});

const change = `insert into markets (condition_id, title) values ('new', 'New'); update markets set title = 'Changed' where id <= 3; delete from agent_signals where id <= 10; insert into settings values ('added', 'x');`;

async function backedUp(): Promise<
  DatabaseBench & { readonly old: string; readonly fresh: string }
> {
  const bench = databaseBench(cluster);
  const old = bench.backups('old.dump');
  await bench.on('postgres.backup', { file: old, run }).act();
  return { ...bench, old, fresh: bench.backups('fresh.dump') };
}

describe('A backup', () => {
  it('is read to its end, and stands beside what proves it', async () => {
    const bench = databaseBench(cluster);
    const file = bench.backups('now.dump');
    const step = bench.on('postgres.backup', { file, run });

    const { summary } = await step.act();

    expect(summary).toMatch(/now\.dump: .* SHA-256 [0-9a-f]{64}, read to its end$/);
    expect(bench.said.filter((line) => line.startsWith('table ')).at(-1)).toMatch(
      /^table 5 of 5: /,
    );
    expect(readFileSync(`${file}.lastgood`, 'utf8')).toContain(`database=${bench.database}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(bench.at('backups')).sort()).toEqual(['now.dump', 'now.dump.lastgood']);
    expect(await step.look()).toMatchObject({ isDone: true });
    expect(await bench.on('postgres.backup', { file, run }).act()).toMatchObject({
      wasAlready: true,
    });
  });
});

describe('A restore', () => {
  it('brings everything back, and its undo what stood there before', async () => {
    const bench = await backedUp();
    const before = bench.checksum();
    bench.admin(change);
    const changed = bench.checksum();
    await bench.on('postgres.backup', { file: bench.fresh, run }).act();
    const step = bench.on('postgres.restore', { backup: bench.old, freshBackup: bench.fresh });

    const { summary } = await step.act();

    expect(summary).toContain('5 tables are as in');
    expect(bench.checksum()).toBe(before);
    await step.undo();
    expect(bench.checksum()).toBe(changed);
  });

  it('leaves statistics of every table, which a table made anew has not', async () => {
    const bench = await backedUp();
    await bench.on('postgres.backup', { file: bench.fresh, run }).act();

    await bench.on('postgres.restore', { backup: bench.old, freshBackup: bench.fresh }).act();

    expect(
      bench.admin(
        `select string_agg(relname || ' ' || analyze_count, ', ' order by relname) from pg_stat_user_tables`,
      ),
    ).toBe('agent_signals 1, markets 1, recommendations 1, schema_migrations 1, settings 1');
    expect(bench.said).not.toContain('the statistics could not be made anew');
  });

  it('leaves rough statistics of a large table, which the server still makes whole by itself, and whole ones where it would not', async () => {
    const bench = await backedUp();
    const rows = (table: string): string =>
      `create table ${table} (id int primary key, name text not null); insert into ${table} select n, md5(n::text) from generate_series(1, 30000) n;`;
    bench.admin(
      `set role app; ${['plain', 'forbidden', 'indexed'].map(rows).join(' ')}
      alter table forbidden set (autovacuum_enabled = false); create index on indexed (lower(name));`,
    );
    const old = bench.backups('larger.dump');
    await bench.on('postgres.backup', { file: old, run }).act();
    await bench.on('postgres.backup', { file: bench.fresh, run }).act();

    await bench.on('postgres.restore', { backup: old, freshBackup: bench.fresh }).act();

    const made = (name: string, how: string): string =>
      bench.admin(`select ${how} from pg_stats where tablename like '${name}%'`);
    const bounds = `string_agg(array_length(histogram_bounds, 1)::text, ',')`;
    expect(made('plain', bounds)).toBe('11,11');
    expect(made('forbidden', bounds)).toBe('101,101');
    expect(made('indexed', bounds)).toBe('101,101,101');
    const owed = `select n_mod_since_analyze from pg_stat_user_tables where relname = 'plain'`;
    // The server's counters come some time after what they count.
    await ready(() => bench.admin(owed) === '30000');
    expect(bench.said.join('\n')).toContain('the statistics of large tables are rough');
  });

  it('makes the statistics of a partitioned table and of its parts once, and whole', async () => {
    const bench = await backedUp();
    bench.admin(`set role app; create table parted (id int, name text) partition by range (id);
      create table part_1 partition of parted for values from (0) to (20000);
      create table part_2 partition of parted for values from (20000) to (40000);
      insert into parted select n, md5(n::text) from generate_series(1, 39000) n;`);
    const old = bench.backups('parted.dump');
    await bench.on('postgres.backup', { file: old, run }).act();
    await bench.on('postgres.backup', { file: bench.fresh, run }).act();

    await bench.on('postgres.restore', { backup: old, freshBackup: bench.fresh }).act();

    expect(
      bench.admin(
        `select string_agg(relname || ' ' || analyze_count, ', ' order by relname) from pg_stat_user_tables where relname like 'part%'`,
      ),
    ).toBe('part_1 1, part_2 1, parted 1');
    expect(
      bench.admin(
        `select string_agg(tablename || ' ' || array_length(histogram_bounds, 1), ', ' order by tablename) from pg_stats where tablename like 'part%' and attname = 'id'`,
      ),
    ).toBe('part_1 101, part_2 101, parted 101');
  });

  it('goes through a pooler that keeps sessions and takes no settings at their beginning', async () => {
    const pooler = await startPooler(cluster, 'session');
    try {
      const bench = databaseBench(cluster, { port: pooler.port });
      const params = {
        backup: bench.backups('old.dump'),
        freshBackup: bench.backups('fresh.dump'),
      };
      await bench.on('postgres.backup', { file: params.backup, run }).act();
      const before = bench.checksum();
      bench.admin(change);
      await bench.on('postgres.backup', { file: params.freshBackup, run }).act();

      await bench.on('postgres.restore', params).act();

      expect(bench.checksum()).toBe(before);
    } finally {
      pooler.stop();
    }
  });
});
