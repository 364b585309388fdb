import type { z } from 'zod';
import { Account, AppName, typedAs } from '../host/accounts.js';
import { AbsolutePath, HostName } from '../host/names.js';
import { pm2Paths } from '../host/service-pm2.js';
import { look, rowsOf } from '../host/look.js';
import { runAs } from '../host/accounts.js';
import { workScript } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';

/** An app of one account's PM2. */
export const AppParams = {
  host: HostName,
  /** Whose PM2 daemon it is; default: the account that logs in. */
  owner: Account.optional(),
  /** Its PM2_HOME; default: `.pm2` in the owner's home. */
  home: AbsolutePath.optional(),
  app: AppName,
};
export type Pm2Place = z.infer<z.ZodObject<typeof AppParams>>;

/** PM2 prints each app's whole environment; of that only this is ever printed on. One row per process. */
const listProgram = `let text = "";
process.stdin.on("data", (piece) => (text += piece)).on("end", () => {
  const line = text.split("\\n").filter((one) => one.startsWith("[")).pop();
  for (const { name, pid, pm2_env: own } of JSON.parse(line)) {
    if (name === process.argv[1])
      console.log([own.status, pid || 0, own.unique_id || "-", own.pm_out_log_path || "-", own.pm_err_log_path || "-"].join("\\x1f"));
  }
});`;

/** `seen` prints the app's processes; fails where PM2 does not answer. */
const seeApp = `seen() { pm2 jlist 2>/dev/null | node -e ${shellQuote(listProgram)} "$app"; }
states() { printf '%s\\n' "$list" | cut -d"$field" -f1 | sort -u | tr '\\n' ' ' | sed 's/ $//'; }
`;

/** What PM2 starts inherits our surroundings, so they are made plain again. */
const plain = 'unset LC_ALL SUDO_COMMAND SUDO_USER SUDO_UID SUDO_GID\n';

export function pm2Script(
  { app, home }: Pm2Place,
  values: Readonly<Record<string, string>>,
  body: string,
): string {
  return `${pm2Paths(home ?? null)}${plain}${workScript({ app, ...values }, seeApp + body)}`;
}

/** What a person types to run PM2 as its owner. */
export function typedPm2({ owner, home }: Pm2Place, ...words: readonly string[]): string {
  return home === undefined
    ? typedAs(owner, 'pm2', ...words)
    : typedAs(owner, 'env', `PM2_HOME=${home}`, 'pm2', ...words);
}

export type AppSight = {
  /** One for each process: `online`, `stopped`, `errored`. Empty where PM2 has no such app, or no daemon runs. */
  readonly states: readonly string[];
  /** The real folders its processes run in. */
  readonly folders: readonly string[];
  readonly ids: readonly string[];
};

export async function seeProcesses(place: Pm2Place, context: StepContext): Promise<AppSight> {
  const text = `${pm2Paths(place.home ?? null)}app=${shellQuote(place.app)}
${seeApp}has_daemon || exit 0
list=$(seen) || fail 'PM2 did not answer with its list'
[ -n "$list" ] || exit 0
printf '%s\\n' "$list" | while IFS= read -r one; do
  pid=$(printf '%s\\n' "$one" | cut -d"$field" -f2)
  row app "$(printf '%s\\n' "$one" | cut -d"$field" -f1)" "$(readlink "/proc/$pid/cwd" 2>/dev/null)" "$(printf '%s\\n' "$one" | cut -d"$field" -f3)"
done
`;
  const what = `Looking at the PM2 app ${place.app}`;
  const port = context.connections.host(place.host);
  const rows = rowsOf(
    await look(port, { text, as: runAs(place.owner), what }, context.signal),
    'app',
  );
  return {
    states: rows.map(([state = '']) => state),
    folders: rows.map(([, folder = '']) => folder),
    ids: rows.map(([, , id = '']) => id),
  };
}

export function stateWords(app: string, states: readonly string[]): string {
  return states.length === 0
    ? `PM2 has no app ${app}.`
    : `${app} is ${[...new Set(states)].join(' and ')}.`;
}
