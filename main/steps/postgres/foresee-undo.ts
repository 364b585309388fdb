import type { DatabasePort } from '../../connections/ports.js';
import type { StepContext } from '../step-kind.js';
import { readBackupNote } from './backup-note.js';
import { clockOf, questionOf } from './foresee-loss.js';
import type { ReplacedBy } from './foresee-loss.js';
import type { TableLoss } from './predicted-loss.js';
import { readLoss } from './read-loss.js';

type Undone = Pick<ReplacedBy, 'database' | 'schemas' | 'tables' | 'loss'> & {
  readonly freshBackup: string;
};

/** What was written since the fresh backup, and is lost when that is brought back: a line each, with the moment of the look. */
export async function foreseeRestoreUndone(
  asked: Undone,
  { connections, signal }: StepContext,
): Promise<readonly string[]> {
  const port = connections.database(asked.database);
  const place = await connections.databaseTools(asked.database).place(signal);
  const note = await readBackupNote(place, asked.freshBackup, signal);
  return note === null
    ? [`Nobody can say how many: ${asked.freshBackup} has no note of when it was made.`]
    : newerLines(port, asked, note.started, signal);
}

export async function newerLines(
  port: DatabasePort,
  asked: Pick<Undone, 'schemas' | 'tables' | 'loss'>,
  since: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const question = questionOf(asked, { at: since, isExact: true });
  const all = await readLoss(port, question, new Map(), signal);
  const tables = all.filter(({ table }) => asked.tables?.includes(table) ?? true);
  const unnamed = tables.filter(({ newer }) => newer === 'no-column-named');
  return [
    `Rows written since ${since}, counted just now (${await clockOf(port, signal)}):`,
    ...tables.flatMap(newerLine),
    ...(unnamed.length === 0
      ? []
      : [`No time column is named for ${unnamed.map(({ table }) => table).join(', ')}.`]),
    'Rows that were changed or deleted since cannot be seen by counting.',
  ];
}

function newerLine({ table, newer }: TableLoss): readonly string[] {
  if (newer === 'no-column-named') {
    return [];
  }
  return newer === 'not-counted'
    ? [`${table}: newer rows not counted`]
    : [`${table}: ${newer.isExact ? '' : 'about '}${String(newer.rows)} newer by ${newer.column}`];
}
