import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePort } from '../../connections/ports.js';
import type { StepContext } from '../step-kind.js';
import { quoteName } from './names.js';

export type NameSwap = {
  /** The name that the application connects to. */
  readonly from: string;
  /** What that database is called afterwards. */
  readonly to: string;
  /** The database that takes its name. */
  readonly next: string;
  readonly then: readonly string[];
};

/** While the names are exchanged, whoever is connected is ended anew this often. */
const pauseMs = 100;
const tries = 5;

/**
 * Both renamings in one transaction, so that there is no moment without the name. The server waits five seconds for
 * sessions to go and lets no new ones in meanwhile; those that came in before are ended while it waits.
 */
export async function swapNames(
  port: DatabasePort,
  swap: NameSwap,
  context: StepContext,
): Promise<void> {
  const { signal, emit } = context;
  const maintenance = port.sibling(swap.from === 'postgres' ? 'template1' : 'postgres');
  const statements = [
    `alter database ${quoteName(swap.from)} rename to ${quoteName(swap.to)}`,
    `alter database ${quoteName(swap.next)} rename to ${quoteName(swap.from)}`,
    ...swap.then,
  ].map((sql) => ({ sql }));
  for (let left = tries; ; left -= 1) {
    const ended = new AbortController();
    const ending = keepEnding(maintenance, [swap.from, swap.next], context, ended.signal);
    try {
      await maintenance.transact(statements, signal);
      return;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'DATABASE_REFUSED' || left === 0) {
        throw thrown;
      }
      emit(`${thrown.message} Trying again.`);
    } finally {
      ended.abort();
      await ending;
    }
  }
}

async function keepEnding(
  port: DatabasePort,
  databases: readonly string[],
  { signal, delay }: StepContext,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted && !signal.aborted) {
    // Whoever cannot be ended makes the renaming fail, and that says so.
    await port
      .read(
        `select pg_catalog.pg_terminate_backend(pid)::text as ended from pg_catalog.pg_stat_activity where datname in ($1, $2) and pid <> pg_backend_pid()`,
        [...databases],
        signal,
      )
      .catch(() => []);
    await delay(pauseMs).catch(() => undefined);
  }
}
