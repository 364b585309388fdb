import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { databaseBench } from './database-bench.js';
import { dropNotes, good, history, migratedOn } from './migrated.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const migrated = (files: Readonly<Record<string, string>>) => migratedOn(cluster, files);

describe('Migrations that are taken back', () => {
  it('go newest first, each with its line of the history, and are done then', async () => {
    const { on, params, admin } = migrated(good);
    const step = on('postgres.migrate-down', params);

    const { summary } = await step.act();

    expect(summary).toBe(
      'the history ends at 20260301000000; 20260401000000 is taken back; 20260501000000 is taken back',
    );
    expect(admin(history)).toBe('20260101000000 20260301000000');
    expect(
      admin(
        `select to_regclass('notes') is null, count(*) from pg_attribute where attrelid = 'markets'::regclass and attname = 'score'`,
      ),
    ).toBe('t|0');
    expect(await step.look()).toMatchObject({ isDone: true });
  });

  it('come back by the backup that was made before', async () => {
    const { on, params, checksum, dump, backups, before } = migrated(good);
    dump(backups('fresh.dump'), '-Fc');
    const step = on('postgres.migrate-down', params);
    await step.act();

    await step.undo();

    expect(checksum().split('\n--\n').slice(0, 1)).toEqual(before.split('\n--\n').slice(0, 1));
  });

  it('are not begun where that backup lacks the history: they could not come back whole', async () => {
    const { on, params, checksum, dump, backups, before } = migrated(good);
    dump(backups('fresh.dump'), '-Fc', '-T', 'public.schema_migrations');

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      /does not hold the history \(public schema_migrations\).* No migration was run/,
    );

    expect(checksum()).toBe(before);
  });

  it.each([
    {
      what: 'ends the transaction by itself',
      text: 'drop table notes; COMMIT; select 1/0;',
      says: /begins or ends a transaction by itself: COMMIT/,
    },
    {
      what: 'begins one of its own',
      text: '/* */ begin; drop table notes; end;',
      says: /begins or ends a transaction/,
    },
    {
      what: 'makes an index concurrently',
      text: 'create unique index concurrently x on markets (title);',
      says: /cannot run in a transaction/,
    },
    {
      what: 'holds a command of psql',
      text: '\\! touch /tmp/x\ndrop table notes;',
      says: /a command of psql/,
    },
    { what: 'is not closed', text: "drop table notes; select 'open", says: /never ends/ },
    { what: 'is empty', text: '-- nothing\n', says: /holds no statement/ },
  ])('are refused before any of them runs where one $what', async ({ text, says }) => {
    const { on, params, checksum, before } = migrated({
      ...good,
      '20260401000000_score.down.sql': text,
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(says);

    expect(checksum()).toBe(before);
  });

  it('are refused where one has no way down', async () => {
    const { on, params, checksum, before } = migrated({
      '20260501000000_notes.down.sql': dropNotes,
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      /No down-migration in .*migrations for 20260401000000\./,
    );

    expect(checksum()).toBe(before);
  });

  it('of a Supabase-style history say what its repair is, in the approval and where they are refused', async () => {
    const bench = databaseBench(cluster, { of: 'supabase_like' });
    bench.admin(`grant usage on schema supabase_migrations to app; grant select on supabase_migrations.schema_migrations to app;
      insert into supabase_migrations.schema_migrations values ('20260201000000', 'second', null);`);
    mkdirSync(bench.at('migrations'));
    const step = (to: string) =>
      bench.on('postgres.migrate-down', {
        folder: bench.at('migrations'),
        to,
        history: { table: 'supabase_migrations.schema_migrations', column: 'version' },
        withoutTransaction: 'refuse',
        freshBackup: bench.backups('fresh.dump'),
      });
    const repair = '“supabase migration repair” only edits .* changes no schema';

    expect((await step('20260201000000').foresee())?.warnings.join(' ')).toMatch(
      new RegExp(repair),
    );
    await expect(step('20250101000000').act()).rejects.toThrow(
      new RegExp(`is not written down in .*${repair}`),
    );
    await expect(step('20260101000000').act()).rejects.toThrow(
      new RegExp(`No down-migration in .* for 20260201000000\\. ${repair}`),
    );
  });

  it('leave nothing of one whose second statement fails', async () => {
    const { on, params, checksum, before } = migrated({
      ...good,
      '20260501000000_notes.down.sql': 'drop table notes; drop table never_was;',
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      /20260501000000: ERROR: {2}table "never_was" does not exist\. Nothing of it was kept/,
    );

    expect(checksum()).toBe(before);
  });

  it('say which were taken back before one failed', async () => {
    const { on, params, admin } = migrated({
      ...good,
      '20260401000000_score.down.sql': 'select 1/0;',
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      /Nothing of it was kept; 20260501000000 is taken back/,
    );

    expect(admin(history)).toBe('20260101000000 20260301000000 20260401000000');
  });

  it('are taken back when a procedure that commits is called in one: the server refuses that', async () => {
    const { on, params, checksum, before } = migrated({
      ...good,
      '20260501000000_notes.down.sql': `drop table notes; do $$ begin commit; end $$;`,
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      /invalid transaction termination/,
    );

    expect(checksum()).toBe(before);
  });

  it('run outside of a transaction where the runbook says so, and say that half of it may stay', async () => {
    const { on, params, said, admin } = migrated({
      ...good,
      '20260501000000_notes.down.sql':
        'drop table notes; create index concurrently by_title on markets (title);',
    });

    await on('postgres.migrate-down', { ...params, withoutTransaction: 'run' }).act();

    expect(said.some((line) => line.includes('its first half stays'))).toBe(true);
    expect(admin(`select count(*) from pg_indexes where indexname = 'by_title'`)).toBe('1');
  });
});
