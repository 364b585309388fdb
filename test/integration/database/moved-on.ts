import type { Cluster } from '../../lab/database/cluster.mjs';
import { databaseBench } from './database-bench.js';
import type { BenchOptions, DatabaseBench } from './database-bench.js';

const inRestore = `current_setting('application_name') = 'lastgood restore'`;
export const routine = (name: string, body: string): string =>
  `create function ${name}(text) returns text language plpgsql immutable as $$ begin if ${inRestore} then ${body}; end if; return $1; end $$; alter function ${name} owner to app;`;
export const boom = routine('boom', `raise exception 'it went wrong'`);

/** Rows that take their time to come in, so that a restore can be met in the middle of them. */
export const slow = `${routine('slowly', 'perform pg_sleep(0.02)')}
create table slow_rows (id text primary key check (public.slowly(id) is not null));
insert into slow_rows select generate_series(1, 90)::text;
alter table slow_rows owner to app;`;

export type MovedOn = DatabaseBench & {
  readonly params: { readonly backup: string; readonly freshBackup: string };
  readonly before: string;
  /** As the backup has it. */
  readonly old: string;
};

/** A backup that `prepare` has a hand in, and a database that has moved on since. */
export function movedOn(
  cluster: Cluster,
  prepare = '',
  since = '',
  options: BenchOptions = {},
): MovedOn {
  const bench = databaseBench(cluster, options);
  bench.admin(prepare);
  const backup = bench.dump(bench.backups('old.dump'), '-Fc');
  const old = bench.checksum();
  bench.admin(
    `insert into settings values ('since', 'x'); delete from agent_signals where id < 9; ${since}`,
  );
  return {
    ...bench,
    params: { backup, freshBackup: bench.backups('fresh.dump') },
    before: bench.checksum(),
    old,
  };
}

export const working = `select count(*) from pg_stat_activity where application_name = 'lastgood restore' and datname = current_database()`;
export const inRows = `${working} and query like 'COPY%slow_rows%'`;
