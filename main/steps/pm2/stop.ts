import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { runAs } from '../host/accounts.js';
import { AppParams, pm2Script, seeProcesses, stateWords, typedPm2 } from './app.js';

const Params = z.strictObject(AppParams);

/** PM2 itself ends a process by force after the app's `kill_timeout`; there is no other grace to be given. */
export const stopApp = defineHostStep({
  kind: 'pm2.stop',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasOnline: z.boolean() }),

  describe: ({ host, app }) =>
    `Stop the PM2 app ${app} on ${host}, letting it finish for as long as its kill_timeout says`,
  commands: (params) => [typedPm2(params, 'stop', params.app), typedPm2(params, 'status')],
  undoText: ({ app }) => `Start the PM2 app ${app} again if it was online`,
  runAs: ({ owner }) => runAs(owner),

  async observe(params, context) {
    const { states } = await seeProcesses(params, context);
    const isDone = states.length > 0 && states.every(isDown);
    return { isDone, facts: stateWords(params.app, states) };
  },
  async capture(params, context) {
    const { states } = await seeProcesses(params, context);
    return { wasOnline: states.some((state) => !isDown(state)) };
  },

  script: (params) =>
    pm2Script(
      params,
      {},
      `${runs}has_daemon || already "no PM2 daemon runs, so $app does not run"
list=$(seen) || fail 'PM2 did not answer with its list; nothing was stopped'
[ -n "$list" ] || fail "PM2 has no app $app"
case $(states) in stopped | errored | 'errored stopped') already "$app is $(states) already" ;; esac
pm2 stop "$app" >&2 || fail "pm2 stop $app failed"
for pid in $(printf '%s\\n' "$list" | cut -d"$field" -f2); do
  [ "$pid" -eq 0 ] || ! runs "$pid" || fail "process $pid of $app still runs"
done
say "$app is stopped"
`,
    ),

  undoScript: (params, { wasOnline }) =>
    pm2Script(
      params,
      {},
      wasOnline
        ? `has_daemon || fail "no PM2 daemon of $(id -un) runs; start it by its unit, then retry"
list=$(seen) || fail 'PM2 did not answer with its list'
[ -n "$list" ] || fail "PM2 has no app $app any more"
[ "$(states)" != online ] || already "$app is online, as it was"
pm2 start "$app" >&2 || fail "pm2 start $app failed"
list=$(seen) || fail 'PM2 did not answer with its list'
[ "$(states)" = online ] || fail "$app was started but is $(states)"
say "$app is online again"
`
        : 'already "$app was not online and stays so"\n',
    ),
});

/** What has ended and was not waited for yet does not run. */
const runs = `runs() {
  kill -0 "$1" 2>/dev/null || return
  case $(sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null) in [ZX]*) return 1 ;; esac
}
`;

function isDown(state: string): boolean {
  return state === 'stopped' || state === 'errored';
}
