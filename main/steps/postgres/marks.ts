import { z } from 'zod';
import type { DatabasePort } from '../../connections/ports.js';
import type { Observation } from '../step-kind.js';

/** Which tables there were, each by what changes whenever it is made or emptied anew: its numbers in the server's catalogue. */
export const Marks = z.array(z.strictObject({ table: z.string(), mark: z.string() }));
export type Marks = z.infer<typeof Marks>;

/** Enough to tell all from none: one transaction makes all of them anew, or none. */
const marksKept = 50;

const marksSql = `select format('%s.%s', n.nspname, c.relname) as name, c.oid::text || ':' || c.relfilenode::text as mark
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and format('%s.%s', n.nspname, c.relname) = any($1::text[]) order by 1 limit ${String(marksKept)}`;

export async function readMarks(
  port: DatabasePort,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Marks> {
  const rows = await port.read(marksSql, [arrayOf(names)], signal);
  return rows.map(({ name, mark }) => ({ table: name ?? '', mark: mark ?? '' }));
}

/**
 * Whether the one transaction of a step was committed, as the server tells: never while a session of it still works.
 * `before` is what stood there before it began.
 */
export async function settleByMarks(
  port: DatabasePort,
  { session, before }: { readonly session: string; readonly before: Marks | null },
  signal: AbortSignal,
): Promise<Observation> {
  if (before === null) {
    return { isDone: false, facts: 'It has not been begun.' };
  }
  return (
    (await stillWorking(port, session, signal)) ??
    judge(before, await readMarksAgain(port, before, signal))
  );
}

/** Null where no session that calls itself so is there any more: only then is anything over. */
export async function stillWorking(
  port: DatabasePort,
  session: string,
  signal: AbortSignal,
): Promise<Observation | null> {
  const [busy] = await port.read(
    `select pid::text as pid, state from pg_catalog.pg_stat_activity where application_name = $1 and datname = current_database()`,
    [session],
    signal,
  );
  return busy === undefined
    ? null
    : {
        isDone: null,
        facts: `Session ${busy['pid'] ?? ''} of it still works on the server (${busy['state'] ?? ''}).`,
      };
}

/** Of the same tables as before, as they are now. */
export const readMarksAgain = (
  port: DatabasePort,
  before: Marks,
  signal: AbortSignal,
): Promise<Marks> =>
  readMarks(
    port,
    before.map(({ table }) => table),
    signal,
  );

export function judge(before: Marks, now: Marks): Observation {
  const same = before.filter(({ table, mark }) =>
    now.some((one) => one.table === table && one.mark === mark),
  );
  if (before.length === 0) {
    return { isDone: null, facts: 'There were no tables by which it could be told.' };
  }
  if (same.length === before.length) {
    return {
      isDone: false,
      facts: 'The server says: it was not committed, every table is what it was.',
    };
  }
  return same.length === 0
    ? { isDone: true, facts: 'The server says: it was committed, every table was made anew.' }
    : {
        isDone: null,
        facts: `${String(before.length - same.length)} of ${String(before.length)} tables were made anew, which one transaction cannot have done.`,
      };
}

/** A PostgreSQL array as text, for a `text[]` parameter. */
export function arrayOf(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}
