import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { knownBefore } from '../../../shared/plan/foresight.js';
import type { Foresight } from '../../../shared/plan/foresight.js';
import { COUNTED_NOW } from '../../../shared/run/predicted-loss.js';
import type { DatabasePort, ToolPlace } from '../../connections/ports.js';
import type { StepContext } from '../step-kind.js';
import { readBackupNote } from './backup-note.js';
import { rowsOfDump } from './dump-rows.js';
import { wholeName } from './foreign-keys.js';
import { findInTheWayNow } from './in-the-way-now.js';
import { lossSentence, rowsWords } from './predicted-loss.js';
import type { TableLoss } from './predicted-loss.js';
import { COUNT_SECONDS, readLoss } from './read-loss.js';
import type { LossQuestion } from './read-loss.js';

/** By what a step that replaces data counts what it takes away, as `loss` of the target source does. */
export const LossParams = z.strictObject({
  times: z.record(z.string(), z.string()).optional(),
  estimateAbove: z.int().nonnegative().optional(),
  countSeconds: z.int().min(1).max(3_600).optional(),
});
type LossParams = z.infer<typeof LossParams>;

export type ReplacedBy = {
  readonly database: string;
  readonly backup: string;
  /** Only these are replaced. Undefined: all. */
  readonly schemas?: readonly string[] | undefined;
  readonly tables?: readonly string[] | undefined;
  readonly loss?: LossParams | undefined;
};

/** A table that is locked meanwhile, or one without end, must not keep the way back shut. */
const mostSeconds = 60;

/** Where counting takes too long, that is what is said. */
export async function soon(
  context: StepContext,
  title: string,
  count: (context: StepContext) => Promise<Foresight | null>,
): Promise<Foresight | null> {
  const limit = AbortSignal.timeout(mostSeconds * 1_000);
  try {
    return await count({ ...context, signal: AbortSignal.any([context.signal, limit]) });
  } catch (thrown) {
    if (thrown instanceof AppError && limit.aborted && !context.signal.aborted) {
      const text = `Predicted loss: it could not be counted within ${String(mostSeconds)} s.`;
      return { about: 'data', title, changes: [], carried: [], obstacles: [], warnings: [text] };
    }
    throw thrown;
  }
}

/** Counted at the moment of the question, and what stands in the way of the restore. */
export function foreseeRestore(asked: ReplacedBy, context: StepContext): Promise<Foresight | null> {
  const title = `the rows of ${asked.database}, and those in ${asked.backup}`;
  return soon(context, title, (limited) => countRestore(asked, title, limited));
}

async function countRestore(
  asked: ReplacedBy,
  title: string,
  context: StepContext,
): Promise<Foresight> {
  const { connections, signal } = context;
  const port = connections.database(asked.database);
  const place = await connections.databaseTools(asked.database).place(signal);
  const { tables, moment } = await lossOf(asked, port, place, signal);
  // Rows are exchanged within tables that stay: nothing can hang on them that would be in the way.
  const inTheWay =
    asked.tables === undefined ? await findInTheWayNow(port, place, asked, signal) : [];
  const at = await clockOf(port, signal);
  return lossForesight({
    title,
    tables,
    obstacles: inTheWay.map((text) => `In the way: ${text}. The restore will not be begun.`),
    warnings: lossWarnings(tables, moment, at),
  });
}

/**
 * The same in sentences, for the journal: as it was shown for the approval, or counted once more where that was longer ago and
 * `mayBeOld` is not said. What cannot be counted keeps no way back shut: the operator was told before.
 */
export async function recordedLoss(
  { foreseen, signal }: Pick<StepContext, 'foreseen' | 'signal'>,
  foresee: () => Promise<Foresight | null>,
  { mayBeOld = false } = {},
): Promise<string[]> {
  try {
    const shown = foreseen !== null && (foreseen.isFresh || mayBeOld) ? foreseen.foresight : null;
    const known = shown ?? (await foresee());
    return known === null ? [] : [...knownBefore(known)];
  } catch (thrown) {
    if (thrown instanceof AppError && !signal.aborted) {
      return [`The loss could not be counted: ${thrown.message}`];
    }
    throw thrown;
  }
}

export function lossForesight(seen: {
  readonly title: string;
  readonly tables: readonly TableLoss[];
  readonly obstacles?: readonly string[];
  readonly warnings: readonly string[];
}): Foresight {
  const { title, tables, obstacles = [], warnings } = seen;
  const isDifferent = ({ now, inBackup }: TableLoss): boolean =>
    typeof now === 'string' || !now.isExact || now.rows !== inBackup;
  return {
    about: 'data',
    title,
    changes: tables.filter(isDifferent).map(({ table, now, inBackup }) => ({
      what: table,
      from: rowsWords(now),
      to: inBackup === null ? null : `${String(inBackup)} rows`,
      because: 'rows',
    })),
    carried: tables.filter((one) => !isDifferent(one)).map(({ table }) => table),
    obstacles: [...obstacles],
    warnings: [...warnings],
  };
}

export const lossWarnings = (
  tables: readonly TableLoss[],
  moment: string,
  at: string,
): string[] => [`${COUNTED_NOW} (${at}):`, ...lossSentence(tables, moment).split('\n')];

/** By the server, so that every time in a sentence is by one clock. */
export async function clockOf(port: DatabasePort, signal: AbortSignal): Promise<string> {
  const sql = `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at`;
  const [row] = await port.read(sql, [], signal);
  return row?.['at'] ?? '';
}

export const questionOf = (
  { schemas, loss }: Pick<ReplacedBy, 'schemas' | 'loss'>,
  since: LossQuestion['since'],
): LossQuestion => ({
  schemas: schemas ?? null,
  times: loss?.times ?? {},
  estimateAbove: loss?.estimateAbove ?? Number.MAX_SAFE_INTEGER,
  withinMs: (loss?.countSeconds ?? COUNT_SECONDS) * 1_000,
  since,
});

async function lossOf(
  asked: ReplacedBy,
  port: DatabasePort,
  place: ToolPlace,
  signal: AbortSignal,
): Promise<{ readonly tables: readonly TableLoss[]; readonly moment: string }> {
  const note = await readBackupNote(place, asked.backup, signal);
  const { rows, dumpAt } = await rowsOfDump(place, asked.backup, signal);
  const since =
    note === null ? { at: dumpAt, isExact: false } : { at: note.started, isExact: true };
  const all = await readLoss(port, questionOf(asked, since), rows, signal);
  const chosen = asked.tables?.map(wholeName);
  const tables = all.filter(({ table }) => chosen?.includes(table) ?? true);
  return { tables, moment: since.at };
}
