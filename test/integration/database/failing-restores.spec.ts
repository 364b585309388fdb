import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { boom, inRows, movedOn, routine, slow, working } from './moved-on.js';
import type { MovedOn } from './moved-on.js';
import { ready } from './ready.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const moved = (prepare = '', since = ''): MovedOn => movedOn(cluster, prepare, since);

describe('A restore that fails', () => {
  it.each([
    {
      where: 'while what stands there is taken away',
      prepare: '',
      since: `alter table settings owner to postgres;`,
      says: /must be owner of table settings/,
    },
    {
      where: 'among the rows',
      prepare: `${boom} alter table settings add check (public.boom(name) is not null);`,
      since: '',
      says: /it went wrong/,
    },
    {
      where: 'at an index',
      prepare: `${boom} create index on settings (public.boom(value));`,
      since: '',
      says: /it went wrong/,
    },
    {
      where: 'at its last foreign key',
      prepare: `set session_replication_role = replica; delete from markets where id = 7;`,
      since: '',
      says: /violates foreign key constraint/,
    },
    {
      where: 'because what hangs on its tables cannot be seen',
      prepare: '',
      since: `revoke select on pg_catalog.pg_inherits from public;`,
      says: /what hangs on the tables cannot be seen; nothing was changed/,
    },
    {
      where: 'because what is there cannot be seen',
      prepare: '',
      since: `revoke select on pg_catalog.pg_event_trigger from public;`,
      says: /what is in the database cannot be seen; nothing was changed/,
    },
    {
      where: 'because the grants of now cannot be kept',
      prepare: '',
      since: `revoke select on pg_catalog.pg_publication_rel from public;`,
      says: /the grants cannot be kept; nothing was changed/,
    },
  ])('$where leaves every row and the schema as they were', async ({ prepare, since, says }) => {
    const { on, params, checksum, before } = moved(prepare, since);

    await expect(on('postgres.restore', params).act()).rejects.toThrow(says);

    expect(checksum()).toBe(before);
  });

  it('because its program is killed leaves everything as it was, and the server is asked before that is said', async () => {
    const { on, params, checksum, before, admin } = moved(slow);
    const step = on('postgres.restore', params);
    const acting = step.act();
    await ready(() => admin(inRows) === '1');

    execFileSync('pkill', ['-KILL', '-f', `pg_restore .*${params.backup}`]);

    await expect(acting).rejects.toThrow(/the server says that nothing was changed/);
    expect(checksum()).toBe(before);
  });

  it('because the server ends its session leaves everything as it was', async () => {
    const { on, params, checksum, before, admin } = moved(slow);
    const acting = on('postgres.restore', params).act();
    await ready(() => admin(inRows) === '1');

    admin(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lastgood restore' and datname = current_database()`,
    );

    await expect(acting).rejects.toThrow(/the server says that nothing was changed/);
    expect(checksum()).toBe(before);
  });

  it('because the operator stops it leaves everything as it was, and nothing of it on the server', async () => {
    const { on, params, checksum, before, admin } = moved(slow);
    const stop = new AbortController();
    const acting = on('postgres.restore', params).act(stop.signal);
    await ready(() => admin(inRows) === '1');

    stop.abort();

    await expect(acting).rejects.toThrow();
    await ready(() => admin(working) === '0');
    expect(checksum()).toBe(before);
  });
});

describe('A restore under way', () => {
  it('tells each table when it comes to it, not when all is over', async () => {
    const held = `${routine('held', 'perform pg_advisory_xact_lock(77)')}
create table held_rows (id int primary key check (public.held(id::text) is not null));
insert into held_rows values (1);
alter table held_rows owner to app;`;
    const { on, params, holding, said } = moved(held);
    const release = await holding('select pg_advisory_xact_lock(77)');
    const acting = on('postgres.restore', params).act();

    await ready(() => said.some((line) => /^table \d of 6: .*held_rows$/.test(line)));
    await release();

    await expect(acting).resolves.toMatchObject({ wasAlready: false });
  });
});

describe('A restore that meets a session with locks', () => {
  it('says who is in the way, waits as long as it was told, and then gives up whole', async () => {
    const { on, params, checksum, before, holding, said } = moved();
    const release = await holding('lock table settings in access exclusive mode');

    const acting = on('postgres.restore', { ...params, lockSeconds: 3 }).act();

    await expect(acting).rejects.toThrow(
      /other sessions held locks for longer than 3 s; the server says that nothing was changed: transaction \d+ was not committed/,
    );
    expect(said.filter((line) => line.startsWith('waiting for session'))[0]).toMatch(
      /holding-test \(app, idle in transaction/,
    );
    await release();
    expect(checksum()).toBe(before);
  });

  it('goes on when they are let go', async () => {
    const { on, params, holding, said } = moved();
    const release = await holding('lock table settings in access exclusive mode');
    const acting = on('postgres.restore', params).act();
    await ready(() => said.some((line) => line.startsWith('waiting for session')));

    await release();

    await expect(acting).resolves.toMatchObject({ wasAlready: false });
  });
});

describe('A line that is lost during a restore', () => {
  it('does not end it: it is picked up where it is', async () => {
    const { on, params, admin, line, checksum, before } = moved(slow);
    const step = on('postgres.restore', params);
    const acting = step.act();
    await ready(() => admin(inRows) === '1');

    line.drop();
    line.restore();

    await expect(acting).resolves.toMatchObject({ wasAlready: false });
    expect(checksum()).not.toBe(before);
    expect(admin(`select count(*) from settings where name = 'since'`)).toBe('0');
  });

  it('is settled by a console that comes later, which follows it to its end', async () => {
    const { on, params, admin, line } = moved(slow);
    const step = on('postgres.restore', params);
    const acting = step.act().catch(() => 'gone');
    await ready(() => admin(inRows) === '1');
    line.drop();
    line.restore();
    step.forget();

    expect(await step.look()).toMatchObject({ isDone: true });
    await acting;
    expect(admin(`select count(*) from settings where name = 'since'`)).toBe('0');
  });
});

describe('A restore of which no work is to be found any more', () => {
  it('is known from the server as not committed while every table is the old one', async () => {
    const { on, params, admin } = moved(slow);
    const step = on('postgres.restore', params);
    const acting = step.act().catch(() => 'gone');
    await ready(() => admin(inRows) === '1');
    step.state = { ...step.state, status: 'unknown', job: 'never-begun' };

    const during = await step.look();
    expect(during.isDone).toBe(null);
    expect(during.facts).toContain('still works on the server');
    execFileSync('pkill', ['-KILL', '-f', `pg_restore .*${params.backup}`]);
    await acting;

    const after = await step.look();
    expect(after.isDone).toBe(false);
    expect(after.facts).toContain('was not committed');
  });

  it('is not called done where the data is committed but its grants were not put back, and a retry ends it', async () => {
    const { on, params, admin } = moved(
      '',
      `grant select on markets to public;
       create function no_grants() returns event_trigger language plpgsql as $$ begin
         if to_regclass('pg_temp.lastgood_kept') is not null then raise exception 'not now'; end if; end $$;
       create event trigger no_grants on ddl_command_start when tag in ('GRANT', 'REVOKE') execute function no_grants()`,
    );
    const step = on('postgres.restore', params);
    await expect(step.act()).rejects.toThrow('grants and publications could not be put back');
    step.state = { ...step.state, status: 'failed', job: 'never-begun' };

    const seen = await step.look();
    expect(seen.isDone).toBe(null);
    expect(seen.facts).toContain('grants');

    admin('drop event trigger no_grants');
    await step.act();
    step.state = { ...step.state, status: 'unknown', job: 'never-begun' };
    expect(await step.look()).toMatchObject({ isDone: true });
    expect(
      admin(`select count(*) from information_schema.role_table_grants
             where table_name = 'markets' and grantee = 'PUBLIC' and privilege_type = 'SELECT'`),
    ).toBe('1');
  });

  it('is known from the server as committed once every table is a new one', async () => {
    const { on, params } = moved();
    const step = on('postgres.restore', params);
    await step.act();
    step.state = { ...step.state, status: 'unknown', job: 'never-begun' };

    const seen = await step.look();
    expect(seen.isDone).toBe(true);
    expect(seen.facts).toContain('was committed');
  });
});
