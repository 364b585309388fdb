import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePort } from '../../connections/ports.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { missingTables, wholeName } from './foreign-keys.js';
import { DatabaseName, ServerName, TableName, quoteName, quoteTable, tableOf } from './names.js';

const Params = z.strictObject({
  database: DatabaseName,
  tables: z
    .array(
      z.strictObject({
        table: TableName,
        /** The column that says when a row was made. */
        newest: ServerName.optional(),
        /** Fewer rows than this are a fault. */
        atLeast: z.int().nonnegative().optional(),
      }),
    )
    .min(1)
    .max(100),
});
type Counted = z.infer<typeof Params>['tables'][number];

/** How many rows each table holds, and how new the newest is: told in the journal, judged only where the runbook says by what. */
export const checkCounts = defineReadStep({
  kind: 'postgres.check-counts',
  params: Params,
  describe: ({ database, tables }) =>
    `Count the rows of ${tables.map(({ table }) => table).join(', ')} in ${database} and look at the newest of each`,
  commands: ({ database, tables }) =>
    tables.map((one) => shellCommand('psql', '-d', database, '-c', countSql(one))),
  async look({ database, tables }, { connections, signal, emit }) {
    const port = connections.database(database);
    const missing = await missingTables(
      port,
      tables.map(({ table }) => wholeName(table)),
      signal,
    );
    if (missing.length > 0) {
      throw new AppError(
        'DATABASE_TABLE_MISSING',
        `${database} has no table ${missing.join(', ')}.`,
      );
    }
    const words: string[] = [];
    const tooFew: string[] = [];
    for (const one of tables) {
      const { text, rows } = await count(port, one, signal);
      emit(text);
      words.push(text);
      if (rows < (one.atLeast ?? 0)) {
        tooFew.push(
          `${one.table} holds ${String(rows)} rows, fewer than ${String(one.atLeast ?? 0)}`,
        );
      }
    }
    if (tooFew.length > 0) {
      throw new AppError('DATABASE_COUNT_LOW', `${tooFew.join('; ')}.`);
    }
    return words.join('; ');
  },
});

async function count(port: DatabasePort, one: Counted, signal: AbortSignal) {
  const [row] = await port.read(countSql(one), [], signal);
  const rows = Number(row?.['rows'] ?? 0);
  const newest = row?.['newest'];
  const tail = newest === undefined || newest === null ? '' : `, newest ${newest}`;
  return { rows, text: `${one.table}: ${String(rows)} rows${tail}` };
}

function countSql({ table, newest }: Counted): string {
  const latest = newest === undefined ? '' : `, max(${quoteName(newest)})::text as newest`;
  return `select count(*)::text as rows${latest} from ${quoteTable(tableOf(table))}`;
}
