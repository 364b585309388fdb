import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { HostName, UnitName } from '../host/names.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { beginFunction, isInactive, seeUnitState, unitFunctions, unitText } from './units.js';

/**
 * `ended_swiftly`: it is seen to have ended, too soon for any limit to have ended it by force, so that there is nothing more
 * to ask systemd while the service stands still.
 */
const swiftly = `uptime_now() {
  up=
  read -r up _ </proc/uptime
  up=\${up%.*}
}
ended_swiftly() {
  has_ended || return
  case \${limit%% *} in '' | 0 | 1s | *[mu]s) return 1 ;; esac
  uptime_now
  [ -n "$up" ] && [ -n "$began" ] && [ $((up - began)) -le 1 ]
}
`;

export const stopUnit = defineHostStep({
  kind: 'systemd.stop',
  risk: 'change',
  repeatable: true,
  saysLittle: true,
  params: z.strictObject({
    host: HostName,
    unit: UnitName,
    /** What is running may finish for so long; the unit's own limit may be shorter. */
    graceSeconds: z.number().nonnegative().max(3_600),
  }),
  before: z.strictObject({ wasActive: z.boolean(), mainPid: z.int().nonnegative() }),
  runAs: () => 'root',

  describe: ({ host, unit, graceSeconds }) =>
    `Stop unit ${unit} on ${host}, letting it finish for up to ${graceSeconds} s`,
  commands: ({ unit, graceSeconds }) => [
    `${shellCommand('sudo', 'timeout', String(Math.ceil(graceSeconds)), 'systemctl', 'stop', unit)} || ${shellCommand('sudo', 'systemctl', 'kill', '-s', 'KILL', unit)}`,
    shellCommand('systemctl', 'status', unit),
  ],
  undoText: ({ unit }) => `Start ${unit} again if it was running`,

  async observe({ host, unit }, { connections, signal }) {
    const sight = await seeUnitState(connections.host(host), unit, signal);
    return { isDone: isInactive(sight), facts: `${unitText(unit, sight)}.` };
  },

  async capture({ host, unit }, { connections, signal }) {
    const sight = await seeUnitState(connections.host(host), unit, signal);
    return { wasActive: !isInactive(sight), mainPid: sight.mainPid };
  },

  // The unit's own limit is said: where it is shorter, systemd ends what is running before our grace is over.
  script: ({ unit, graceSeconds }) => `unit=${shellQuote(unit)}
${unitFunctions}${swiftly}see_known
case $active in inactive | failed) already "$unit was not running" ;; esac
run_mark
uptime_now
began=$up
say "the limit of the unit itself is \${limit:-not set}"
forced=
if ! timeout ${String(Math.ceil(graceSeconds))} systemctl stop -- "$unit"; then
  forced=yes
  systemctl kill --signal=KILL -- "$unit"
  timeout 30 systemctl stop -- "$unit"
elif ended_swiftly; then
  say "$unit stopped by itself"
  exit
fi
see
case $active in inactive | failed) ;; *) fail "$unit is still $active" ;; esac
if [ -n "$forced" ]; then
  say "$unit did not stop within ${String(Math.ceil(graceSeconds))} s and was ended by force"
elif [ "$result" = timeout ]; then
  say "$unit did not stop within its own limit of $limit and was ended by systemd"
else
  say "$unit stopped by itself ($result)"
fi
`,

  undoScript: ({ unit }, { wasActive }) => `unit=${shellQuote(unit)}
${unitFunctions}${beginFunction}see_known
${
  wasActive
    ? `if [ "$active" = active ]; then already "$unit is running"; fi
begin start || fail "$unit cannot be started"
see
[ "$active" = active ] || fail "$unit is $active"
say "$unit is running again"`
    : `already "$unit was not running before and stays so"`
}
`,
});
