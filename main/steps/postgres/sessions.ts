import type { DatabasePort, DatabaseRow } from '../../connections/ports.js';
import type { StepContext } from '../step-kind.js';

/** Others' sessions on a database: not ours, not our programs', and not the server's own workers. */
const othersSql = `from pg_catalog.pg_stat_activity a
where a.datname = $1 and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'
  and a.application_name not like 'lastgood%' and ($2 = '' or a.usename = any(string_to_array($2, ',')))`;

export type Sessions = {
  readonly database: string;
  /** Only of these roles; empty for all. */
  readonly users: readonly string[];
};

/** A line for each, those that hold others up first. */
export async function seeSessions(
  port: DatabasePort,
  { database, users }: Sessions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await port.read(
    `select a.pid::text as pid, coalesce(nullif(a.application_name, ''), 'no name') as app, a.usename as "user",
  coalesce(a.client_addr::text, 'local') as address, coalesce(a.state, '') as state,
  coalesce(extract(epoch from clock_timestamp() - a.xact_start)::int::text, '') as seconds,
  (select count(*) from pg_catalog.pg_stat_activity w where a.pid = any(pg_blocking_pids(w.pid)))::text as blocks
${othersSql} order by blocks desc, a.pid limit 50`,
    [database, users.join(',')],
    signal,
  );
  return rows.map(wordsOf);
}

function wordsOf(row: DatabaseRow): string {
  const open = row['seconds'] === '' ? '' : `, in a transaction for ${row['seconds'] ?? ''} s`;
  const blocks = row['blocks'] === '0' ? '' : `, holds up ${row['blocks'] ?? ''} others`;
  return `session ${row['pid'] ?? ''}: ${row['app'] ?? ''}, ${row['user'] ?? ''} from ${row['address'] ?? ''}, ${row['state'] ?? ''}${open}${blocks}`;
}

/** How many were told to end. A role that may not end another's session is told so by the server: DATABASE_REFUSED. */
export async function endSessions(
  port: DatabasePort,
  { database, users }: Sessions,
  signal: AbortSignal,
): Promise<number> {
  const [row] = await port.read(
    `select count(pg_catalog.pg_terminate_backend(a.pid))::text as ended ${othersSql}`,
    [database, users.join(',')],
    signal,
  );
  return Number(row?.['ended'] ?? 0);
}

/** Waits until nobody is left, so many seconds at most; what is left then. */
export async function waitForSessions(
  port: DatabasePort,
  sessions: Sessions,
  seconds: number,
  { signal, delay, emit }: StepContext,
): Promise<readonly string[]> {
  let said = '';
  for (let left = seconds * 1_000; ; left -= pauseMs) {
    const open = await seeSessions(port, sessions, signal);
    if (open.length === 0 || left <= 0) {
      return open;
    }
    if (open.join('\n') !== said) {
      said = open.join('\n');
      open.forEach(emit);
    }
    await delay(pauseMs);
  }
}

const pauseMs = 500;
