import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { databaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const rows = 'select string_agg(t::text, chr(10) order by id) from';
const odd = `create table "odd Name" (id int primary key, up int references "odd Name"); insert into "odd Name" values (1, null), (2, 1);
create function counted() returns trigger language plpgsql as $$ begin raise exception 'no trigger may fire'; end $$;
create trigger counts before insert on markets for each row execute function counted();
alter table markets disable trigger counts; alter table markets enable always trigger counts;`;

describe('The rows of chosen tables', () => {
  it('come back with those of the tables that refer to them, and nothing else of the database changes', async () => {
    const bench = databaseBench(cluster);
    bench.admin(odd);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    const was = bench.admin(
      `${rows} markets t; ${rows} recommendations t; ${rows} agent_signals t`,
    );
    bench.admin(
      `alter table markets disable trigger counts; insert into markets (condition_id, title) values ('new', 'New'); alter table markets enable always trigger counts; delete from agent_signals; update recommendations set action = 'x'; insert into settings values ('kept', 'x'); alter table markets add column since text default 'now';`,
    );
    const schema = bench.checksum().split('\n--\n').slice(1).join();
    const freshBackup = bench.dump(bench.backups('fresh.dump'), '-Fc');
    const before = bench.checksum();
    const params = { backup, freshBackup, tables: ['markets'], referring: 'take-along' };
    const step = bench.on('postgres.restore-tables', params);

    const { summary } = await step.act();

    expect(summary).toContain('3 tables hold the rows of');
    expect(bench.said.filter((line) => line.startsWith('taken along'))).toEqual([
      'taken along: public.agent_signals (refers to public.recommendations)',
      'taken along: public.recommendations (refers to public.markets)',
    ]);
    expect(
      bench.admin(
        `alter table markets drop column since; ${rows} markets t; ${rows} recommendations t; ${rows} agent_signals t`,
      ),
    ).toBe(was);
    bench.admin(`alter table markets add column since text default 'now'`);
    expect(bench.checksum().split('\n--\n').slice(1).join()).toBe(schema);
    expect(bench.admin(`select value from settings where name = 'kept'`)).toBe('x');
    expect(bench.admin(`select last_value from markets_id_seq`)).toBe('500');

    await step.undo();
    expect(bench.checksum()).toBe(before);
  });

  it('are refused where others refer to them and the runbook does not take those along', async () => {
    const bench = databaseBench(cluster);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    const step = bench.on('postgres.restore-tables', {
      backup,
      freshBackup: backup,
      tables: ['markets'],
      referring: 'refuse',
    });

    await expect(step.act()).rejects.toThrow(
      /public\.agent_signals \(refers to public\.recommendations\)/,
    );
  });

  it.each([
    {
      what: 'a table that the backup does not know',
      sql: 'create table later (id int references markets)',
      says: /no rows for public\.later/,
    },
    {
      what: 'a row that a key does not allow',
      sql: `alter table recommendations add constraint strict check (action <> 'buy') not valid`,
      says: /violates check constraint/,
    },
    {
      what: 'a column that is gone',
      sql: 'alter table agent_signals drop column agent',
      says: /column "agent"/,
    },
  ])('stay as they are because of $what', async ({ sql, says }) => {
    const bench = databaseBench(cluster);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(
      `${sql}; delete from agent_signals where id < 5; select setval('markets_id_seq', 900);`,
    );
    const before = bench.checksum();
    const step = bench.on('postgres.restore-tables', {
      backup,
      freshBackup: backup,
      tables: ['markets'],
      referring: 'take-along',
    });

    await expect(step.act()).rejects.toThrow(says);

    expect(bench.checksum()).toBe(before);
  });

  it('say beforehand what they take along', async () => {
    const bench = databaseBench(cluster);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');

    const { summary } = await bench
      .on('postgres.check-backup', { backup, for: { what: 'restore-tables', tables: ['markets'] } })
      .act();

    expect(summary).toMatch(
      /readable to its end; taken along: public\.agent_signals .*public\.recommendations/,
    );
  });
});

describe('On a database of a platform', () => {
  it('only the schemas of the application are touched; grants, policies and publications stay', async () => {
    const bench = databaseBench(cluster, { of: 'supabase_like' });
    bench.admin(`alter schema public owner to postgres; alter table public.markets owner to app; grant all on schema public to app;
      create role anon_${bench.database}; grant usage on schema public to anon_${bench.database};
      alter table public.markets enable row level security; create policy seen on public.markets for select using (true);
      create table public.secret (id int primary key); alter table public.secret owner to app;
      alter default privileges for role app in schema public grant select on tables to anon_${bench.database};
      grant select (title) on public.markets to anon_${bench.database};
      create publication realtime for table public.markets; alter publication realtime owner to app;
      insert into public.markets values (1, 'One', '2026-01-01Z');`);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(
      `insert into public.markets values (2, 'Two', '2026-02-01Z'); update auth.users set email = 'moved@example.test';`,
    );
    const schemaOf = () => bench.checksum().split('\n--\n').slice(1).join();
    const schema = schemaOf();

    await bench.on('postgres.restore', { backup, freshBackup: backup, schemas: ['public'] }).act();

    expect(bench.admin('select count(*) from public.markets')).toBe('1');
    expect(bench.admin('select email from auth.users')).toBe('moved@example.test');
    expect(schemaOf()).toBe(schema);
    expect(
      bench.admin(
        `select has_table_privilege('anon_${bench.database}', 'public.secret', 'select')`,
      ),
    ).toBe('f');
  });

  it.each([
    { kind: 'postgres.backup', params: { run: 'r1' } },
    { kind: 'postgres.restore', params: {} },
    { kind: 'postgres.check-backup', params: { for: { what: 'restore' } } },
  ])('$kind is refused before it touches anything where nobody names them', async (one) => {
    const bench = databaseBench(cluster, { of: 'supabase_like' });
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(`update auth.users set email = 'moved@example.test'`);
    const before = bench.checksum();
    const files = {
      'postgres.backup': { file: bench.backups('new.dump') },
      'postgres.restore': { backup, freshBackup: backup },
      'postgres.check-backup': { backup },
    }[one.kind];

    await expect(bench.on(one.kind, { ...files, ...one.params }).act()).rejects.toMatchObject({
      code: 'DATABASE_SCHEMAS_UNNAMED',
      message: expect.stringContaining('Those that are not the platform’s: public.') as string,
    });

    expect(bench.checksum()).toBe(before);
    expect(existsSync(bench.backups('new.dump'))).toBe(false);
  });

  it('a schema that is not there any more is named, and nothing is changed for the others', async () => {
    const bench = databaseBench(cluster);
    bench.admin(
      `create schema "leftBehind" authorization app; create table "leftBehind".notes (id int); alter table "leftBehind".notes owner to app;`,
    );
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(`drop schema "leftBehind" cascade; insert into settings values ('since', 'x');`);
    const before = bench.checksum();

    await expect(
      bench
        .on('postgres.restore', {
          backup,
          freshBackup: backup,
          schemas: ['public', 'leftBehind'],
        })
        .act(),
    ).rejects.toThrow(/there is no schema leftBehind in the database; .* Nothing was changed/);

    expect(bench.checksum()).toBe(before);
  });
});
