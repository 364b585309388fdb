import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Cluster } from '../../lab/database/cluster.mjs';

export type ServerTools = ReturnType<typeof serverTools>;

/** PostgreSQL's own programs as the server's administrator, so that what is true is seen without a line of the product. */
export function serverTools({ bin, socketFolder, port }: Cluster) {
  const run = (program: string, database: string, words: readonly string[], input = ''): string =>
    execFileSync(
      path.join(bin, program),
      ['-h', socketFolder, '-p', String(port), '-U', 'postgres', '-d', database, ...words],
      { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
  const psql = (sql: string, database: string): string =>
    run('psql', database, ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'], sql).trim();
  return {
    psql,
    /** Plain pg_dump, as anybody would make a backup. */
    dump: (database: string, file: string, ...words: readonly string[]): string => {
      run('pg_dump', database, ['-f', file, ...words]);
      return file;
    },
    /** Of every table's rows and of the whole schema: the same where nothing was changed. */
    checksum: (database: string): string => {
      // A sum of hashes takes a table of any size, in any order.
      const tables = psql(
        `select format('select %L || count(*) || %L || coalesce(sum(hashtextextended(t::text, 0)), 0) from %s t', c.oid::regclass || ' ', ' ', c.oid::regclass) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`,
        database,
      ).split('\n');
      const sequences = `select format('%s.%s %s', schemaname, sequencename, last_value) from pg_sequences order by 1`;
      const schema = run('pg_dump', database, ['--schema-only']).replace(
        /^\\(un)?restrict .*$/gm,
        '',
      );
      return `${psql([...tables, sequences].join(';\n'), database)}\n${schema}`;
    },
  };
}
