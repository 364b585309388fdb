import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { run } from '../../unit/main/steps/host/script-bench.js';
import { databaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

function moved(user = 'postgres') {
  const bench = databaseBench(cluster, { user });
  const { database } = bench;
  bench.admin(`alter database ${database} set statement_timeout = '77s'; alter database ${database} set search_path = "$user", public, extra; alter role reader in database ${database} set work_mem = '5MB';
    revoke connect on database ${database} from public; grant connect, temporary on database ${database} to reader with grant option; comment on database ${database} is 'ours';`);
  const backup = bench.dump(bench.backups('old.dump'), '-Fc');
  const was = bench.checksum();
  bench.admin(`insert into settings values ('since', 'x')`);
  const names = { into: `${database}_next`, keepAs: `${database}_before` };
  const restore = bench.on('postgres.restore-beside', {
    backup,
    into: names.into,
    parallel: 2,
    run,
  });
  const swap = bench.on('postgres.swap', { next: names.into, keepAs: names.keepAs, run });
  return { ...bench, was, names, restore, swap, backup };
}

const settings = `select (select string_agg(coalesce(pg_get_userbyid(nullif(setrole, 0)), '') || setconfig::text, ' ' order by setrole) from pg_db_role_setting where setdatabase = d.oid) || datacl::text || shobj_description(oid, 'pg_database') || pg_get_userbyid(datdba) from pg_database d where datname = current_database()`;

describe('A restore beside and a swap', () => {
  it('leaves the database that serves alone, then takes its name with everything that hangs on it', async () => {
    const { restore, swap, admin, checksum, was, names, database, holding, said } = moved();
    const before = admin(settings);

    expect((await restore.act()).summary).toMatch(/holds 5 tables of .*analysed; .* still serves$/);
    expect(admin(`select count(*) from settings where name = 'since'`)).toBe('1');
    expect(await restore.look()).toMatchObject({ isDone: true });
    const release = await holding('select 1', 'the application');
    const { summary } = await swap.act();
    await release();

    expect(summary).toBe(
      `${database} is the restored database and answers; the old one is kept as ${names.keepAs}`,
    );
    expect(checksum()).toBe(was);
    expect(admin(settings)).toBe(before);
    expect(admin(`select count(*) from settings where name = 'since'`, names.keepAs)).toBe('1');
    expect(await swap.look()).toMatchObject({ isDone: true });
    expect(said.some((line) => line.startsWith('table 5 of 5'))).toBe(true);

    await swap.undo();
    expect(admin(`select count(*) from settings where name = 'since'`)).toBe('1');
    await restore.undo();
    expect(
      admin(
        `select count(*) from pg_database where datname in ('${names.into}', '${names.keepAs}')`,
      ),
    ).toBe('0');
  });

  it('counts nothing while the service stands still for the swap: the loss is recorded as it was shown', async () => {
    const { restore, swap, admin } = moved();
    await restore.act();
    const shown = await swap.foresee();
    expect(shown?.warnings.join('\n')).toContain('settings');
    admin(`insert into settings values ('while it was read', 'x')`);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    onTestFinished(() => {
      clock.mockRestore();
    });

    expect(await swap.capture()).toMatchObject({ loss: shown?.warnings });
  });

  it('does not swap in what was not restored to its end', async () => {
    const { swap, admin, names, database } = moved();
    admin(`create database ${names.into} template ${database} owner app`, 'postgres');

    await expect(swap.act()).rejects.toThrow(/was not restored to its end by this run/);
  });

  it('stays out of a database that it did not make', async () => {
    const { restore, admin, names } = moved();
    admin(`create database ${names.into}`, 'postgres');

    await expect(restore.act()).rejects.toThrow(/that this run did not make; it stays/);
    await expect(restore.undo()).rejects.toThrow(/was not made by this run; it stays/);
  });

  it('is refused before it takes long to who may not carry the settings over', async () => {
    const { restore, admin, names } = moved('app');

    await expect(restore.act()).rejects.toThrow(/cannot carry over what belongs to/);

    expect(admin(`select count(*) from pg_database where datname = '${names.into}'`)).toBe('0');
  });

  it('is not offered to who may not make databases', async () => {
    const { admin, restore } = moved('app');
    admin('alter role app nocreatedb');
    try {
      await expect(restore.act()).rejects.toThrow(/may not make databases/);
    } finally {
      admin('alter role app createdb');
    }
  });
});

describe('Open sessions', () => {
  it('are seen with what they hold up, and ended; our own are not', async () => {
    const { on, holding, said, admin } = moved();
    const release = await holding('lock table settings in access exclusive mode', 'app');
    const ours = await holding('select 1', 'lastgood watching');
    const step = on('postgres.end-sessions', { waitSeconds: 0.2, then: 'end' });

    expect((await step.act()).summary).toBe('Nobody is connected; 1 were.');

    expect(
      said.some((line) =>
        /^ending session \d+: app, app from local, idle in transaction, in a transaction for \d+ s/.test(
          line,
        ),
      ),
    ).toBe(true);
    expect(
      admin(
        `select count(*) from pg_stat_activity where application_name = 'lastgood watching' and datname = current_database()`,
      ),
    ).toBe('1');
    await release();
    await ours();
  });

  it('are left alone where the runbook only waits', async () => {
    const { on, holding } = moved();
    const release = await holding('select 1', 'app');

    await expect(
      on('postgres.end-sessions', { waitSeconds: 0, then: 'refuse' }).act(),
    ).rejects.toThrow(/Still connected: session \d+: app/);
    await release();
  });
});

describe('Counting', () => {
  it('tells rows and the newest of each table, and fails where there are too few', async () => {
    const { on } = moved();
    const tables = [
      { table: 'markets', newest: 'created_at', atLeast: 500 },
      { table: 'agent_signals' },
    ];

    expect((await on('postgres.check-counts', { tables }).act()).summary).toMatch(
      /^markets: 500 rows, newest 2026-01-01 08:20:00\+00; agent_signals: 1500 rows$/,
    );
    await expect(
      on('postgres.check-counts', { tables: [{ table: 'settings', atLeast: 9 }] }).act(),
    ).rejects.toThrow(/settings holds 2 rows, fewer than 9/);
    await expect(
      on('postgres.check-counts', { tables: [{ table: 'nothing' }] }).act(),
    ).rejects.toThrow(/has no table public\.nothing/);
  });
});
