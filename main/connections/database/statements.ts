import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabaseStatement } from '../database-types.js';
import { refusal, serverWordsOf } from './database-errors.js';
import { pooled } from './pooler.js';
import { isLost, throwIfStopped } from './sessions.js';
import type { Session, Sessions } from './sessions.js';
import type { WireResult } from './wire.js';

/** How values are written, whatever the server's, the database's or the user's own settings are. */
export const plainText = `SET LOCAL TimeZone TO 'UTC'; SET LOCAL DateStyle TO 'ISO, YMD'; SET LOCAL IntervalStyle TO 'iso_8601'; SET LOCAL extra_float_digits TO 3; SET LOCAL bytea_output TO 'hex'`;

/** What PgBouncer answers to BEGIN where it keeps nothing beyond one statement. */
const noTransactions = '08P01';

/** How long a cancelled statement may take to end before its line is cut. */
const cancelMs = 5_000;

/** Says one thing in a session. The signal cancels it on the server: leaving alone would let it run on. */
export async function say(
  sessions: Sessions,
  session: Session,
  statement: DatabaseStatement,
  signal: AbortSignal,
): Promise<readonly WireResult[]> {
  const { name } = sessions.options;
  throwIfStopped(signal, name);
  const onAbort = (): void => {
    void cancel(sessions, session);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await session.query(statement);
  } catch (thrown) {
    throwIfStopped(signal, name);
    const words = serverWordsOf(thrown);
    if (words !== null && !isLost(thrown)) {
      throw refusal(name, words, thrown);
    }
    session.destroy();
    const why = words?.message ?? (thrown instanceof Error ? thrown.message : '');
    throw new AppError('DATABASE_LINE_LOST', `The line to ${name} broke: ${why}`, {
      cause: thrown,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function cancel(sessions: Sessions, session: Session): Promise<void> {
  const timer = setTimeout(() => {
    session.destroy();
  }, cancelMs);
  void session.ended.then(() => {
    clearTimeout(timer);
  });
  try {
    const second = await sessions.open(AbortSignal.timeout(cancelMs));
    const values = [String(session.answeredBy)];
    await second.query({ sql: 'SELECT pg_cancel_backend($1::int)', values });
    second.close();
  } catch {
    session.destroy();
  }
}

/** Begins on a session that stood idle, or on a new one where that had died meanwhile. Answers with the last row. */
export async function begin(
  sessions: Sessions,
  sql: string,
  signal: AbortSignal,
): Promise<{ readonly session: Session; readonly results: readonly WireResult[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await sessions.take(signal, attempt > 1);
    try {
      return { session, results: await say(sessions, session, { sql }, signal) };
    } catch (thrown) {
      session.destroy();
      if (thrown instanceof AppError && serverWordsOf(thrown.cause)?.code === noTransactions) {
        throw pooled(sessions.options.name, { kind: 'pgbouncer', mode: 'statement' });
      }
      const isStale = thrown instanceof AppError && thrown.code === 'DATABASE_LINE_LOST';
      if (!isStale || attempt > 1) {
        throw thrown;
      }
    }
  }
}

/**
 * Inside a function body the server refuses every transaction command, with the whole transaction. So what is somebody
 * else's runs there, under a quote that it cannot know.
 */
export function sealed(sql: string): string {
  const tag = `lg_${randomBytes(12).toString('hex')}`;
  return `DO $${tag}_outer$ BEGIN EXECUTE $${tag}$${sql}\n$${tag}$; END $${tag}_outer$`;
}
