import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { HostPort } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { accountOf, look } from './look.js';
import type { ProcessSight } from './service-process.js';

/** An app of one account's PM2, with every variable filled in. */
export type Pm2App = {
  readonly app: string;
  /** Null: the account that logs in. */
  readonly owner: string | null;
  readonly home: string | null;
};

/** Only what is read here; PM2 also prints the app's whole environment, which is dropped at once. */
const Listed = z.array(
  z.object({
    name: z.string(),
    pid: z.number().nullish(),
    monit: z.object({ memory: z.number().nullish(), cpu: z.number().nullish() }).nullish(),
    pm2_env: z.object({
      status: z.string(),
      restart_time: z.number().nullish(),
      pm_out_log_path: z.string().nullish(),
      pm_err_log_path: z.string().nullish(),
    }),
  }),
);
type Listed = z.infer<typeof Listed>;

/** Where PM2 lies, and whose it is. */
export function pm2Paths(home: string | null): string {
  return `own=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f6)
PM2_HOME=${home === null ? '"${own:-$HOME}/.pm2"' : shellQuote(home)}
export PM2_HOME
for folder in /usr/local/bin /usr/local/sbin /opt/node/bin "\${own:-$HOME}"/.nvm/versions/node/*/bin; do
  [ ! -d "$folder" ] || PATH=$PATH:$folder
done
export PATH
command -v pm2 >/dev/null 2>&1 || fail "pm2 is not to be found by $(id -un)"
has_daemon() { [ -r "$PM2_HOME/pm2.pid" ] && kill -0 "$(cat "$PM2_HOME/pm2.pid")" 2>/dev/null; }
`;
}

/**
 * Asking PM2 for its list starts a daemon where none runs, so its own note of the daemon is looked at first: looking
 * must not change a host.
 */
export function pm2Head(home: string | null): string {
  return `${pm2Paths(home)}has_daemon || fail "no PM2 daemon of $(id -un) runs with $PM2_HOME"
`;
}

async function list(port: HostPort, place: Pm2App, signal: AbortSignal): Promise<Listed> {
  const what = `Looking at the PM2 app ${place.app}`;
  const as = await accountOf(port, place.owner, signal);
  const text = `${pm2Head(place.home)}pm2 jlist 2>/dev/null || fail 'pm2 jlist failed'\n`;
  const stdout = await look(port, { text, as, what }, signal);
  const line = stdout.split('\n').findLast((one) => one.startsWith('[{') || one === '[]');
  try {
    return Listed.parse(JSON.parse(line ?? '')).filter(({ name }) => name === place.app);
  } catch (cause) {
    throw new AppError('HOST_LOOK_FAILED', `${what}: PM2 did not answer with its list.`, { cause });
  }
}

export async function seePm2App(
  port: HostPort,
  place: Pm2App,
  signal: AbortSignal,
): Promise<ProcessSight> {
  const apps = await list(port, place, signal);
  const states = [...new Set(apps.map(({ pm2_env }) => pm2_env.status))];
  const many = apps.length > 1 ? ` (${String(apps.length)} processes)` : '';
  return {
    isKnown: apps.length > 0,
    isUp: apps.length > 0 && states.every((state) => state === 'online'),
    hasEnded: states.every((state) => state === 'stopped' || state === 'errored'),
    text:
      apps.length === 0
        ? `PM2 has no app ${place.app}`
        : `${place.app} is ${states.join(' and ')}${many}`,
    restarts: sum(apps.map(({ pm2_env }) => pm2_env.restart_time)),
    memoryBytes: sum(apps.map(({ monit }) => monit?.memory)),
    cpuPercent: sum(apps.map(({ monit }) => monit?.cpu)),
    cpuSeconds: null,
    atSeconds: null,
  };
}

export type Pm2Logs = { readonly stdout: readonly string[]; readonly stderr: readonly string[] };

/** Where the app's output goes; both in one file counts as standard output. */
export async function logFilesOf(
  port: HostPort,
  place: Pm2App,
  signal: AbortSignal,
): Promise<Pm2Logs> {
  const apps = await list(port, place, signal);
  const paths = (of: (app: Listed[number]) => string | null | undefined): readonly string[] => {
    const named = apps.map(of).filter((path) => typeof path === 'string');
    return [...new Set(named.filter((path) => path.startsWith('/')))];
  };
  const stdout = paths(({ pm2_env }) => pm2_env.pm_out_log_path);
  const stderr = paths(({ pm2_env }) => pm2_env.pm_err_log_path);
  return { stdout, stderr: stderr.filter((path) => !stdout.includes(path)) };
}

function sum(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
