import type { Foresight } from '../../../shared/plan/foresight.js';
import type { DatabasePort } from '../../connections/ports.js';
import type { StepContext } from '../step-kind.js';
import { readBackupNote } from './backup-note.js';
import { clockOf, lossForesight, lossWarnings, questionOf, soon } from './foresee-loss.js';
import type { ReplacedBy } from './foresee-loss.js';
import { readLoss } from './read-loss.js';

type Swapped = Pick<ReplacedBy, 'database' | 'loss'> & {
  readonly next: string;
  readonly keepAs: string;
  readonly backup?: string | undefined;
};

/** Both databases are there, so both are counted. Null where the other one is not there yet. */
export function foreseeSwap(asked: Swapped, context: StepContext): Promise<Foresight | null> {
  const title = `the rows of ${asked.database}, and those in ${asked.next}`;
  return soon(context, title, (limited) => countSwap(asked, title, limited));
}

async function countSwap(
  asked: Swapped,
  title: string,
  context: StepContext,
): Promise<Foresight | null> {
  const { connections, signal } = context;
  const port = connections.database(asked.database);
  const found = await port.read(
    'select 1 as one from pg_catalog.pg_database where datname = $1',
    [asked.next],
    signal,
  );
  if (found.length === 0) {
    return null;
  }
  const at = await clockOf(port, signal);
  const since = await sinceOf(asked, context);
  const rows = await rowsOf(port.sibling(asked.next), signal);
  const tables = await readLoss(port, questionOf(asked, since), rows, signal);
  return lossForesight({
    title,
    tables,
    warnings: [
      ...lossWarnings(tables, since?.at ?? asked.next, at),
      `The old database is kept whole as ${asked.keepAs}: what is lost to the application can be read there.`,
    ],
  });
}

async function sinceOf(
  { database, backup }: Swapped,
  { connections, signal }: StepContext,
): Promise<{ readonly at: string; readonly isExact: boolean } | null> {
  if (backup === undefined) {
    return null;
  }
  const place = await connections.databaseTools(database).place(signal);
  const note = await readBackupNote(place, backup, signal);
  return note === null ? null : { at: note.started, isExact: true };
}

async function rowsOf(
  port: DatabasePort,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const tables = await port.read(
    `select n.nspname || '.' || c.relname as name, format('select %L as name, count(*)::text as rows from %I.%I', n.nspname || '.' || c.relname, n.nspname, c.relname) as sql
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') and not row_security_active(c.oid)`,
    [],
    signal,
  );
  const sql = tables.map((row) => row['sql'] ?? '').join('\nunion all ');
  const rows = sql === '' ? [] : await port.read(sql, [], signal);
  return new Map(rows.map((row) => [row['name'] ?? '', Number(row['rows'])] as const));
}
