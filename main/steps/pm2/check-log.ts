import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { countText } from '../docker/log-lines.js';
import { Pattern } from '../docker/names.js';
import { runAs, RunName } from '../host/accounts.js';
import { FIELD, look } from '../host/look.js';
import { defineReadStep } from '../read-step.js';
import { shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { AppParams, pm2Script, typedPm2 } from './app.js';
import type { Pm2Place } from './app.js';

const mostShown = 20;
const mostLines = 10_000;

const Params = z.strictObject({ ...AppParams, run: RunName, errorLine: Pattern });
type Params = z.infer<typeof Params>;

export const checkAppLog = defineReadStep({
  kind: 'pm2.check-log',
  params: Params.extend({ maxErrors: z.int().nonnegative() }),

  describe: ({ host, app, maxErrors }) =>
    `Check that the log of the PM2 app ${app} on ${host} holds ${maxErrors === 0 ? 'no error line' : `at most ${countText(maxErrors, 'error line')}`} since it was replaced`,
  commands: (params) => [
    `${typedPm2(params, 'logs', params.app, '--nostream', '--lines', '1000')} | grep -cE -- ${shellQuote(params.errorLine)}`,
  ],

  async look({ maxErrors, ...params }, context) {
    const { lines, errors, since } = await newLines(params, context);
    errors.slice(0, mostShown).forEach(context.emit);
    const text = `${countText(errors.length, 'error line')} in ${countText(lines.length, 'line')} ${since}`;
    if (errors.length > maxErrors) {
      throw new AppError('SERVICE_ERRORS_FOUND', `${text}; ${String(maxErrors)} allowed.`);
    }
    return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
  },
});

export const readAppLog = defineReadStep({
  kind: 'pm2.read-log',
  params: Params.extend({ tail: z.int().positive().max(mostLines) }),

  describe: ({ host, app, tail }) =>
    `Read the last ${countText(tail, 'line')} of the log of the PM2 app ${app} on ${host}`,
  commands: (params) => [
    typedPm2(params, 'logs', params.app, '--nostream', '--lines', String(params.tail)),
  ],

  async look({ tail, ...params }, context) {
    const { lines, errors, since } = await newLines(params, context);
    lines.slice(-tail).forEach(context.emit);
    return `${countText(lines.length, 'line')} ${since}, ${countText(errors.length, 'error line')} among them.`;
  },
});

type NewLines = {
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** PM2 keeps no times: new is what came since `pm2.replace` noted where each file ended. */
  readonly since: string;
};

async function newLines(params: Params, context: StepContext): Promise<NewLines> {
  const { host, owner, app, errorLine } = params;
  const what = `Reading the log of the PM2 app ${app}`;
  const port = context.connections.host(host);
  const text = readScript(params, params.run);
  const stdout = await look(port, { text, as: runAs(owner), what }, context.signal);
  const isNoted = stdout.startsWith(`noted${FIELD}yes\n`);
  const lines = stdout
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  const pattern = new RegExp(errorLine);
  return {
    lines,
    errors: lines.filter((line) => pattern.test(line)),
    since: isNoted ? `since ${app} was replaced` : 'in the log as far as it goes back',
  };
}

/** The folder is that of `keptFolder`, looked for from outside of a job. A file that was rotated is read whole. */
function readScript(place: Pm2Place, run: string): string {
  return pm2Script(
    place,
    { run },
    `has_daemon || fail "no PM2 daemon of $(id -un) runs"
list=$(seen) || fail 'PM2 did not answer with its list'
[ -n "$list" ] || fail "PM2 has no app $app"
cache=\${HOME:-/}/.cache
case \${XDG_CACHE_HOME:-} in /*) cache=$XDG_CACHE_HOME ;; esac
notes=
for jobs in "$cache/lastgood/jobs" "/var/tmp/lastgood-$(id -u)/jobs"; do
  [ ! -f "$jobs/$run/kept/logs-$app" ] || notes=$jobs/$run/kept/logs-$app
done
if [ -n "$notes" ]; then row noted yes; else row noted no; fi
printf '%s\\n' "$list" | cut -d"$field" -f4,5 | tr "$field" '\\n' | sort -u | while IFS= read -r log; do
  now=$(stat -L -c '%i %s' -- "$log" 2>/dev/null) || continue
  from=0
  if [ -n "$notes" ]; then
    while read -r inode size name; do
      if [ "$name" = "$log" ] && [ "$inode" = "\${now% *}" ] && [ "$size" -le "\${now#* }" ]; then from=$size; fi
    done <"$notes"
  fi
  tail -c "+$((from + 1))" -- "$log" | tail -n ${String(mostLines)}
  printf '\\n'
done
`,
  );
}
