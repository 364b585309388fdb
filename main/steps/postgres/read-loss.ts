import type { BoundedQuestion, DatabasePort, DatabaseRow } from '../../connections/ports.js';
import { countWithin } from './count-tables.js';
import type { Countable } from './count-tables.js';
import { quoteName, quoteTable, quoteText } from './names.js';
import type { Table } from './names.js';
import type { Newer, TableLoss } from './predicted-loss.js';

/** Somebody waits for the answer in the middle of the night; an estimate in time says more than an exact figure later. */
export const COUNT_SECONDS = 30;

export type LossQuestion = {
  /** Only these schemas are restored. Null for all. */
  readonly schemas: readonly string[] | null;
  /** The time column of each `schema.table` that has one. */
  readonly times: Readonly<Record<string, string>>;
  /** Tables with more rows than this by the server's own figure are not counted but estimated. */
  readonly estimateAbove: number;
  /** So long may all the counting take; what is not counted by then is estimated. */
  readonly withinMs: number;
  /** In ISO; rows later than it are newer than the backup. `isExact`: it was noted when the backup was made. */
  readonly since: { readonly at: string; readonly isExact: boolean } | null;
};

type Seen = Table & {
  readonly table: string;
  /** Below 0 where the server has none. */
  readonly estimate: number;
  readonly pages: number;
  readonly mayRead: boolean;
  /** Its policies may hide rows from this account. */
  readonly isFiltered: boolean;
  /** Somebody holds it, or waits to hold it, against every reader: counting would wait with no end in sight. */
  readonly isLocked: boolean;
  /** The type of its time column, where it has that column. */
  readonly timeType: string | null;
};

/** Of the time, for the counting of whole tables; the rest is for newer rows alone, which an index may answer. */
const shareOfCounting = 2 / 3;

/** All tables are counted on one snapshot, so the figures are of one moment. */
export async function readLoss(
  port: DatabasePort,
  question: LossQuestion,
  inBackup: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<readonly TableLoss[]> {
  const tables = await seeTables(port, question, signal);
  const { counted, newer } = await port.readTogether(
    (ask) => countAll(ask, tables, question),
    signal,
  );
  const names = new Set(tables.map(({ table }) => table));
  const isAsked = (name: string): boolean =>
    question.schemas?.some((schema) => name.startsWith(`${schema}.`)) ?? true;
  const gone = [...inBackup].filter(([name]) => !names.has(name) && isAsked(name));
  return [
    ...tables.map((one): TableLoss => {
      const row = counted.get(one.table);
      return {
        table: one.table,
        now: row === undefined ? estimateOf(one) : { rows: Number(row['rows']), isExact: true },
        isLate: row === undefined && (one.isLocked || isCounted(one, question)),
        inBackup: inBackup.get(one.table) ?? null,
        newer: newerOf(one, question, (row ?? newer.get(one.table))?.['newer'] ?? null),
      };
    }),
    ...gone.map(([table, rows]): TableLoss => ({
      table,
      now: { rows: 0, isExact: true },
      isLate: false,
      inBackup: rows,
      newer: 'not-counted',
    })),
  ];
}

async function countAll(
  ask: BoundedQuestion,
  tables: readonly Seen[],
  question: LossQuestion,
): Promise<{
  readonly counted: ReadonlyMap<string, DatabaseRow>;
  readonly newer: ReadonlyMap<string, DatabaseRow>;
}> {
  const begun = performance.now();
  const countable = (one: Seen, sql: string): Countable => ({
    table: one.table,
    pages: one.estimate < 0 ? null : one.pages,
    sql,
  });
  const counting = tables.filter((one) => isCounted(one, question));
  const counted = await countWithin(
    ask,
    counting.map((one) => countable(one, countSql(one, question))),
    question.withinMs * shareOfCounting,
  );
  const left = tables.filter((one) => !counted.has(one.table) && one.mayRead && !one.isFiltered);
  const alone = left.flatMap((one) => {
    const sql = newerSql(one, question);
    return sql === null ? [] : [countable(one, sql)];
  });
  const rest = question.withinMs - (performance.now() - begun);
  return { counted, newer: await countWithin(ask, alone, rest) };
}

const isCounted = (one: Seen, { estimateAbove }: LossQuestion): boolean =>
  one.mayRead && !one.isFiltered && !one.isLocked && one.estimate <= estimateAbove;

function estimateOf({ mayRead, estimate }: Seen): TableLoss['now'] {
  if (!mayRead) {
    return 'may-not-be-read';
  }
  return estimate < 0 ? 'not-counted' : { rows: estimate, isExact: false };
}

function newerOf(one: Seen, { times, since }: LossQuestion, rows: string | null): Newer {
  const column = times[one.table];
  if (column === undefined) {
    return 'no-column-named';
  }
  const isExact = since?.isExact === true && one.timeType === 'timestamp with time zone';
  return rows === null ? 'not-counted' : { column, rows: Number(rows), isExact };
}

function countSql(one: Seen, question: LossQuestion): string {
  const isNewer = newerCondition(one, question);
  const newer = isNewer === null ? 'null' : `(count(*) filter (where ${isNewer}))::text`;
  return `select ${quoteText(one.table)} as name, count(*)::text as rows, ${newer} as newer from ${quoteTable(one)}`;
}

function newerSql(one: Seen, question: LossQuestion): string | null {
  const isNewer = newerCondition(one, question);
  return isNewer === null
    ? null
    : `select ${quoteText(one.table)} as name, count(*)::text as newer from ${quoteTable(one)} where ${isNewer}`;
}

function newerCondition(one: Seen, { times, since }: LossQuestion): string | null {
  const column = times[one.table];
  return column === undefined || since === null || one.timeType === null
    ? null
    : `${quoteName(column)}::timestamptz > ${quoteText(since.at)}::timestamptz`;
}

const tablesSql = `select n.nspname as schema, c.relname as name, c.reltuples::bigint::text as estimate, c.relpages::text as pages,
  has_table_privilege(c.oid, 'select')::text as readable, row_security_active(c.oid)::text as filtered,
  exists (select 1 from pg_catalog.pg_locks l where l.relation = c.oid and l.mode = 'AccessExclusiveLock' and l.pid <> pg_backend_pid()
    and l.database = (select oid from pg_catalog.pg_database where datname = current_database()))::text as locked,
  (select string_agg(a.attname || ' ' || format_type(a.atttypid, null), E'\\n') from pg_catalog.pg_attribute a
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)) as times
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and has_schema_privilege(n.oid, 'usage') order by 1, 2`;

async function seeTables(
  port: DatabasePort,
  { schemas, times }: LossQuestion,
  signal: AbortSignal,
): Promise<readonly Seen[]> {
  const rows = await port.read(tablesSql, [], signal);
  return rows.flatMap((row): Seen[] => {
    const [schema, name] = [row['schema'] ?? '', row['name'] ?? ''];
    const table = `${schema}.${name}`;
    const column = times[table];
    const found = (row['times'] ?? '')
      .split('\n')
      .find((one) => one.startsWith(`${column ?? ''} `));
    const isAsked = schemas === null || schemas.includes(schema);
    return isAsked
      ? [
          {
            schema,
            name,
            table,
            estimate: Number(row['estimate']),
            pages: Number(row['pages']),
            mayRead: row['readable'] === 'true',
            isFiltered: row['filtered'] === 'true',
            isLocked: row['locked'] === 'true',
            timeType:
              column === undefined || found === undefined ? null : found.slice(column.length + 1),
          },
        ]
      : [];
  });
}
