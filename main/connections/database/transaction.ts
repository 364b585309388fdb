import { AppError } from '../../../shared/errors/app-error.js';
import type {
  BoundedQuestion,
  DatabaseRow,
  DatabaseStatement,
  TransactionOutcome,
} from '../database-types.js';
import { serverWordsOf } from './database-errors.js';
import { throwIfStopped } from './sessions.js';
import type { Session, Sessions } from './sessions.js';
import { begin, plainText, sealed, say } from './statements.js';
import type { WireResult } from './wire.js';

const rowsAtOnce = '2000';
/** About what one answer may hold in memory. */
const maxRows = 200_000;

const rowsOf = (results: readonly WireResult[]): readonly DatabaseRow[] =>
  results.at(-1)?.rows ?? [];

/** A cancelling that comes late must not hit what a session does next. */
function giveBack(sessions: Sessions, session: Session, signal: AbortSignal): void {
  if (signal.aborted) {
    session.close();
  } else {
    sessions.give(session);
  }
}

/** Runs `work` on one snapshot that the server holds read-only. */
async function reading<T>(
  sessions: Sessions,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const sql = `BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; ${plainText}`;
  const { session } = await begin(sessions, sql, signal);
  try {
    const done = await work(session);
    await say(sessions, session, { sql: 'ROLLBACK' }, signal);
    giveBack(sessions, session, signal);
    return done;
  } catch (thrown) {
    session.close();
    throw thrown;
  }
}

export function read(
  sessions: Sessions,
  sql: string,
  values: readonly (string | null)[],
  signal: AbortSignal,
): Promise<readonly DatabaseRow[]> {
  return reading(sessions, signal, async (session) => {
    const rows = rowsOf(await say(sessions, session, { sql, values }, signal));
    if (rows.length > maxRows) {
      const text = `${String(rows.length)} rows came from ${sessions.options.name}.`;
      throw new AppError('DATABASE_ANSWER_TOO_LARGE', text);
    }
    return rows;
  });
}

export function readMany(
  sessions: Sessions,
  sql: string,
  values: readonly (string | null)[],
  onRows: (rows: readonly DatabaseRow[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  return reading(sessions, signal, async (session) => {
    const declare = { sql: `DECLARE lg_rows NO SCROLL CURSOR FOR ${sql}`, values };
    await say(sessions, session, declare, signal);
    for (;;) {
      const fetch = { sql: `FETCH ${rowsAtOnce} FROM lg_rows` };
      const rows = rowsOf(await say(sessions, session, fetch, signal));
      if (rows.length === 0) {
        return;
      }
      await onRows(rows);
    }
  });
}

/** What the server answers where it ended a statement for its time, or did not get a lock in time. */
const outOfTime: ReadonlySet<string> = new Set(['57014', '55P03']);

export function readTogether<T>(
  sessions: Sessions,
  work: (ask: BoundedQuestion) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return reading(sessions, signal, (session) =>
    work(async (sql, { withinMs, lockMs }) => {
      // Zero would be no limit at all.
      const [whole, lock] = [withinMs, lockMs].map((one) => String(Math.max(1, Math.ceil(one))));
      const limits = `SAVEPOINT lg_one; SET LOCAL statement_timeout TO ${whole ?? '1'}; SET LOCAL lock_timeout TO ${lock ?? '1'}`;
      await say(sessions, session, { sql: limits }, signal);
      try {
        return rowsOf(await say(sessions, session, { sql, values: [] }, signal));
      } catch (thrown) {
        const words = thrown instanceof AppError ? serverWordsOf(thrown.cause) : null;
        if (words === null || !outOfTime.has(words.code)) {
          throw thrown;
        }
        await say(sessions, session, { sql: 'ROLLBACK TO SAVEPOINT lg_one' }, signal);
        return null;
      }
    }),
  );
}

export async function transact(
  sessions: Sessions,
  statements: readonly DatabaseStatement[],
  signal: AbortSignal,
  onTransaction: (transactionId: string) => Promise<void>,
): Promise<void> {
  const sql = 'BEGIN; SELECT txid_current()::text AS id';
  const { session, results } = await begin(sessions, sql, signal);
  const id = rowsOf(results)[0]?.['id'] ?? '';
  try {
    await onTransaction(id);
    for (const statement of statements) {
      const asked = statement.isSealed === true ? { sql: sealed(statement.sql) } : statement;
      await say(sessions, session, asked, signal);
      await stillInside(sessions, session, id, signal);
    }
    await commit(sessions, session, id, signal);
  } catch (thrown) {
    session.close();
    throw thrown;
  }
  giveBack(sessions, session, signal);
}

async function stillInside(
  sessions: Sessions,
  session: Session,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const sql = 'SELECT txid_current_if_assigned()::text AS id';
  const now = rowsOf(await say(sessions, session, { sql }, signal))[0]?.['id'] ?? null;
  if (now !== id) {
    const text = `On ${sessions.options.name} the transaction ${id} was ended by a statement in it.`;
    throw new AppError('DATABASE_ESCAPED', text);
  }
}

/** From here on a break leaves open what happened, and stopping does too. */
async function commit(
  sessions: Sessions,
  session: Session,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { name } = sessions.options;
  throwIfStopped(signal, name);
  try {
    const results = await say(sessions, session, { sql: 'COMMIT' }, signal);
    // A transaction that had failed answers COMMIT with a friendly ROLLBACK.
    if (results.at(-1)?.command !== 'COMMIT') {
      const text = `${name} rolled the transaction ${id} back when it was to commit.`;
      throw new AppError('DATABASE_REFUSED', text);
    }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'DATABASE_REFUSED') {
      throw thrown;
    }
    const text = `Whether ${name} committed the transaction ${id} is not known.`;
    throw new AppError('DATABASE_OUTCOME_UNKNOWN', text, { cause: thrown });
  }
}

/** What the server remembers; it forgets old transactions, and one of another server it never knew. */
export async function outcomeOf(
  sessions: Sessions,
  transactionId: string,
  signal: AbortSignal,
): Promise<TransactionOutcome> {
  const known = `SELECT CASE WHEN $1::bigint < txid_snapshot_xmax(txid_current_snapshot()) THEN txid_status($1::bigint) END AS status`;
  const [row] = await read(sessions, known, [transactionId], signal);
  switch (row?.['status']) {
    case 'committed':
      return 'committed';
    case 'aborted':
      return 'aborted';
    case 'in progress':
      return 'in progress';
    default:
      return 'not known';
  }
}
