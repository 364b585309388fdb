import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findInTheWayNow } from '../../../main/steps/postgres/in-the-way-now.js';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { signal } from '../../unit/main/steps/host/script-bench.js';
import { databaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

describe('What was made since the backup and stands in the way', () => {
  it('is listed beforehand, and keeps a restore from beginning', async () => {
    const bench = databaseBench(cluster);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(
      `create view later_view as select * from markets; create table later (id int references recommendations);`,
    );
    const before = bench.checksum();

    await expect(
      bench.on('postgres.check-backup', { backup, for: { what: 'restore' } }).act(),
    ).rejects.toThrow(/view later_view reads markets|foreign key later_id_fkey of later/);
    expect(bench.said.filter((line) => line.startsWith('in the way: '))).toEqual([
      'in the way: foreign key later_id_fkey of later refers to recommendations',
      'in the way: view later_view reads markets',
    ]);
    await expect(
      bench.on('postgres.restore', { backup, freshBackup: backup }).act(),
    ).rejects.toThrow(/stands in the way/);
    expect(bench.checksum()).toBe(before);
  });

  /** What an application has beside tables, and what is made later out of it. */
  const older = `set role app; create type mood as enum ('calm'); create domain short as text;
    create function touched() returns trigger language plpgsql as $$ begin return new; end $$;
    create function all_of(character varying, mood[]) returns int language sql as 'select 1';
    create function found(markets) returns int language sql as 'select 1';`;

  it('is seen where it hangs on a function, a type or a sequence of the backup', async () => {
    const bench = databaseBench(cluster);
    bench.admin(older);
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(`set role app; create table later (id int default nextval('markets_id_seq'), mood mood, name short check (all_of(name, null) = 1));
      create trigger touch before update on later for each row execute function touched();
      alter table later enable row level security; create policy seen on later using (all_of('', null) = 1);
      create function later_of() returns setof markets language sql as 'select * from markets';
      create domain later_mood as mood; create view later_view as select all_of('', null);`);
    const before = bench.checksum();

    await expect(
      bench.on('postgres.restore', { backup, freshBackup: backup }).act(),
    ).rejects.toThrow(/stands in the way/);

    const named = bench.said.filter((line) => line.startsWith('in the way: '));
    expect(named.map((line) => line.replace('in the way: ', ''))).toEqual([
      'column mood of table later needs type mood',
      'column name of table later needs type short',
      'constraint later_name_check on table later needs function all_of(character varying,mood[])',
      'constraint later_name_check on table later needs type mood[]',
      'default value for column id of table later needs sequence markets_id_seq',
      'function later_of() needs type markets',
      'policy seen on table later needs function all_of(character varying,mood[])',
      'policy seen on table later needs type mood[]',
      'trigger touch on table later needs function touched()',
      'type later_mood needs type mood',
      'view later_view needs function all_of(character varying,mood[])',
      'view later_view needs type mood[]',
    ]);
    expect(bench.checksum()).toBe(before);
    const place = await bench.tools.place(signal);
    const now = await findInTheWayNow(bench.port, place, { backup }, signal);
    expect(now).toHaveLength(named.length);
  });

  it('is nothing where the backup knows it all, and goes with a restore that is taken back', async () => {
    const bench = databaseBench(cluster);
    bench.admin(
      `${older} create function old_of() returns setof markets language sql as 'select * from markets'; create type old_mood as enum ('x');`,
    );
    const backup = bench.dump(bench.backups('old.dump'), '-Fc');
    bench.admin(
      `drop function old_of(); drop type old_mood; insert into settings values ('later', 'x')`,
    );
    const fresh = bench.dump(bench.backups('fresh.dump'), '-Fc');
    const before = bench.checksum();
    const step = bench.on('postgres.restore', { backup, freshBackup: fresh });

    await step.act();
    expect(bench.admin(`select count(*) from pg_proc where proname = 'old_of'`)).toBe('1');
    bench.admin(`create table mine (id int, mood old_mood); insert into mine values (1, 'x')`);
    await expect(step.undo()).rejects.toThrow(/column mood of table mine needs type old_mood/);
    expect(bench.admin('select mood from mine')).toBe('x');
    bench.admin('drop table mine');
    await step.undoAgain();

    expect(bench.checksum()).toBe(before);
    expect(bench.admin(`select count(*) from pg_proc where proname = 'old_of'`)).toBe('0');
    expect(bench.admin(`select count(*) from pg_type where typname = 'old_mood'`)).toBe('0');
  });
});
