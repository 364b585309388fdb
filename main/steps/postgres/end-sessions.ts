import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { shellCommand } from '../shell-quote.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { DatabaseName, ServerName } from './names.js';
import { endSessions, seeSessions, waitForSessions } from './sessions.js';

const Params = z.strictObject({
  database: DatabaseName,
  /** The application's roles. Default: whoever is connected. */
  users: z.array(ServerName).min(1).max(50).optional(),
  /** They may finish by themselves for so long. */
  waitSeconds: z.number().nonnegative().max(3_600),
  /** What happens to those that are still there then. */
  then: z.enum(['end', 'refuse']),
});
type Params = z.infer<typeof Params>;

/** The time that a session which was told to end may take. */
const endSeconds = 10;

/** Nobody may read or write while the data is exchanged, and an open session would hold it up. */
export const endOpenSessions = defineStep({
  kind: 'postgres.end-sessions',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ open: z.array(z.string()) }),

  describe: ({ database, users, waitSeconds, then }) =>
    `Wait up to ${waitSeconds} s for the open sessions${users === undefined ? '' : ` of ${users.join(', ')}`} on ${database}, then ${then === 'end' ? 'end those that are left' : 'stop if any are left'}`,
  commands: ({ database, users }) => [
    shellCommand(
      'psql',
      '-d',
      database,
      '-c',
      'SELECT pid, application_name, usename, state, pg_blocking_pids(pid) FROM pg_stat_activity WHERE datname = current_database()',
    ),
    shellCommand(
      'psql',
      '-d',
      database,
      '-c',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()${users === undefined ? '' : ` AND usename IN (${users.map((user) => `'${user.replaceAll("'", "''")}'`).join(', ')})`}`,
    ),
  ],
  undoText: () => null,

  async observe(params, context) {
    const open = await see(params, context);
    return {
      isDone: open.length === 0,
      facts: open.length === 0 ? 'Nobody is connected.' : `${open.join('; ')}.`,
    };
  },
  async capture(params, context) {
    return { open: [...(await see(params, context))] };
  },
  async act(params, _before, context) {
    const { port, sessions } = await openOf(params, context);
    const left = await waitForSessions(port, sessions, params.waitSeconds, context);
    if (left.length === 0) {
      return;
    }
    if (params.then === 'refuse') {
      throw new AppError('DATABASE_IN_USE', `Still connected: ${left.join('; ')}.`);
    }
    left.forEach((line) => {
      context.emit(`ending ${line}`);
    });
    await endSessions(port, sessions, context.signal);
    const rest = await waitForSessions(port, sessions, endSeconds, context);
    if (rest.length > 0) {
      throw new AppError(
        'DATABASE_IN_USE',
        `They came back or did not end: ${rest.join('; ')}. Stop what connects.`,
      );
    }
  },
  async verify(params, { open }, context) {
    const left = await see(params, context);
    if (left.length > 0) {
      throw new AppError(
        'DATABASE_IN_USE',
        `Connected again: ${left.join('; ')}. Stop what connects.`,
      );
    }
    return open.length === 0
      ? 'Nobody was connected.'
      : `Nobody is connected; ${String(open.length)} were.`;
  },
  undo: () => Promise.resolve('Nothing to take back: who was connected connects again.'),
});

async function openOf({ database, users }: Params, { connections, signal }: StepContext) {
  const port = connections.database(database);
  const info = await port.info(signal);
  return { port, sessions: { database: info.database, users: users ?? [] } };
}

async function see(params: Params, context: StepContext): Promise<readonly string[]> {
  const { port, sessions } = await openOf(params, context);
  return seeSessions(port, sessions, context.signal);
}
