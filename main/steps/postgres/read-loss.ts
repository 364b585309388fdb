import type { DatabasePort } from '../../connections/ports.js';
import { quoteName, quoteTable, quoteText } from './names.js';
import type { Table } from './names.js';
import type { Newer, TableLoss } from './predicted-loss.js';

export type LossQuestion = {
  /** Only these schemas are restored. Null for all. */
  readonly schemas: readonly string[] | null;
  /** The time column of each `schema.table` that has one. */
  readonly times: Readonly<Record<string, string>>;
  /** Tables with more rows than this by the server's own figure are not counted but estimated. */
  readonly estimateAbove: number;
  /** In ISO; rows later than it are newer than the backup. `isExact`: it was noted when the backup was made. */
  readonly since: { readonly at: string; readonly isExact: boolean } | null;
};

type Seen = Table & {
  readonly table: string;
  readonly estimate: number;
  readonly mayRead: boolean;
  /** Its policies may hide rows from this account. */
  readonly isFiltered: boolean;
  /** The type of its time column, where it has that column. */
  readonly timeType: string | null;
};

/** One statement counts all tables, so the figures are of one moment. */
export async function readLoss(
  port: DatabasePort,
  question: LossQuestion,
  inBackup: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<readonly TableLoss[]> {
  const tables = await seeTables(port, question, signal);
  const counting = tables.filter((one) => isCounted(one, question));
  const sql = counting.map((one) => countSql(one, question)).join('\nunion all ');
  const rows = sql === '' ? [] : await port.read(sql, [], signal);
  const counted = new Map(rows.map((row) => [row['name'], row] as const));
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
        inBackup: inBackup.get(one.table) ?? null,
        newer: newerOf(one, question, row?.['newer'] ?? null),
      };
    }),
    ...gone.map(([table, rows]): TableLoss => ({
      table,
      now: { rows: 0, isExact: true },
      inBackup: rows,
      newer: 'not-counted',
    })),
  ];
}

const isCounted = (one: Seen, { estimateAbove }: LossQuestion): boolean =>
  one.mayRead && !one.isFiltered && one.estimate <= estimateAbove;

const estimateOf = ({ mayRead, estimate }: Seen): TableLoss['now'] =>
  mayRead && estimate >= 0 ? { rows: estimate, isExact: false } : null;

function newerOf(one: Seen, { times, since }: LossQuestion, rows: string | null): Newer {
  const column = times[one.table];
  if (column === undefined) {
    return 'no-column-named';
  }
  const isExact = since?.isExact === true && one.timeType === 'timestamp with time zone';
  return rows === null ? 'not-counted' : { column, rows: Number(rows), isExact };
}

function countSql(one: Seen, { times, since }: LossQuestion): string {
  const column = times[one.table];
  const newer =
    column === undefined || since === null || one.timeType === null
      ? 'null'
      : `(count(*) filter (where ${quoteName(column)}::timestamptz > ${quoteText(since.at)}::timestamptz))::text`;
  return `select ${quoteText(one.table)} as name, count(*)::text as rows, ${newer} as newer from ${quoteTable(one)}`;
}

const tablesSql = `select n.nspname as schema, c.relname as name, c.reltuples::bigint::text as estimate,
  has_table_privilege(c.oid, 'select')::text as readable, row_security_active(c.oid)::text as filtered,
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
            mayRead: row['readable'] === 'true',
            isFiltered: row['filtered'] === 'true',
            timeType:
              column === undefined || found === undefined ? null : found.slice(column.length + 1),
          },
        ]
      : [];
  });
}
