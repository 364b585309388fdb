import { mkdirSync, writeFileSync } from 'node:fs';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { databaseBench } from './database-bench.js';

/** Two migrations on top of the first two, with the down files that a test gives. */
export function migratedOn(
  cluster: Cluster,
  files: Readonly<Record<string, string>>,
  port = cluster.port,
) {
  const bench = databaseBench(cluster, { port });
  bench.admin(`alter table markets add column score int; create table notes (id int); alter table notes owner to app;
    insert into schema_migrations values ('20260401000000'), ('20260501000000');`);
  mkdirSync(bench.at('migrations'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(bench.at('migrations', name), text);
  }
  const params = {
    folder: bench.at('migrations'),
    to: '20260301000000',
    history: { table: 'schema_migrations', column: 'version' },
    withoutTransaction: 'refuse',
    freshBackup: bench.backups('fresh.dump'),
  };
  return { ...bench, params, before: bench.checksum() };
}

export const dropNotes = 'drop table notes;';
const dropScore = `-- the column of the first one
alter table markets drop column score`;
export const good = {
  '20260501000000_notes.down.sql': dropNotes,
  '20260401000000_score.down.sql': dropScore,
};
export const history =
  'select string_agg(version, chr(32) order by version) from schema_migrations';
