import { z } from 'zod';
import { AbsolutePath, HostName, UnitName } from '../host/names.js';
import { defineHostStep } from '../host/host-step.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { beginFunction, isInside, seeUnitState, unitFunctions, unitText } from './units.js';

export const startUnit = defineHostStep({
  kind: 'systemd.start',
  risk: 'change',
  repeatable: true,
  saysLittle: true,
  startsWriters: true,
  params: z.strictObject({
    host: HostName,
    unit: UnitName,
    /** The folder it must run from afterwards; one that runs from elsewhere is started anew. */
    release: AbsolutePath.optional(),
    graceSeconds: z.number().nonnegative().max(3_600),
  }),
  before: z.strictObject({
    wasActive: z.boolean(),
    /** What lay on the host while it ran, and goes as soon as it does not; empty where nothing did. */
    mark: z.string().default(''),
  }),
  runAs: () => 'root',

  describe: ({ host, unit, release }) =>
    `Start unit ${unit} on ${host}${release === undefined ? '' : ` from ${release}`}`,
  commands: ({ unit }) => [
    shellCommand('sudo', 'systemctl', 'start', unit),
    shellCommand('systemctl', 'status', unit),
  ],
  undoText: ({ unit }) => `Stop ${unit} again`,

  async observe({ host, unit, release }, { connections, signal }) {
    const sight = await seeUnitState(connections.host(host), unit, signal);
    const isThere =
      release === undefined || (sight.folder !== null && isInside(sight.folder, release));
    const from = sight.folder === null ? '' : `, from ${sight.folder}`;
    return {
      isDone: sight.activeState === 'active' && isThere,
      facts: `${unitText(unit, sight)}${from}.`,
    };
  },

  async capture({ host, unit }, { connections, signal }) {
    const { activeState, mark } = await seeUnitState(connections.host(host), unit, signal);
    return { wasActive: activeState === 'active', mark };
  },

  // Where the mark is gone it does not run: systemd is not asked, because the service stands still meanwhile.
  script: ({ unit, release }, { mark }) => `unit=${shellQuote(unit)}
release=${shellQuote(release ?? '')}
mark=${shellQuote(mark)}
${unitFunctions}${beginFunction}active=
has_ended || see_known
there() {
  folder=
  [ "\${pid:-0}" -le 0 ] || folder=$(readlink -- "/proc/$pid/cwd" 2>/dev/null)
  [ -z "$release" ] || [ -z "$folder" ] || [ "$folder" = "$release" ] || case $folder in "$release"/*) ;; *) return 1 ;; esac
}
verb=start
if [ "$active" = active ]; then
  if there; then already "$unit is running"; fi
  verb=restart
fi
begin "$verb" || { see; fail "$unit cannot be started: $result"; }
see
[ "$active" = active ] || fail "$unit is $active ($result)"
# systemd says that it runs before it has gone into its folder.
turns=40
until there; do
  turns=$((turns - 1))
  [ "$turns" -gt 0 ] || fail "$unit runs from $folder, not from $release"
  sleep 0.05 2>/dev/null || sleep 1
  see
  [ "$active" = active ] || fail "$unit is $active ($result)"
done
say "$unit is running, process $pid"
`,

  // Before the cutover it ran the version that was replaced; the undo of the stop starts that one again.
  undoScript: ({ unit, graceSeconds }) => `unit=${shellQuote(unit)}
${unitFunctions}see_known
case $active in inactive | failed) already "$unit is not running" ;; esac
timeout ${String(Math.ceil(graceSeconds))} systemctl stop -- "$unit" || {
  systemctl kill --signal=KILL -- "$unit"
  timeout 30 systemctl stop -- "$unit"
}
see
case $active in inactive | failed) ;; *) fail "$unit is still $active" ;; esac
say "$unit is stopped again"
`,
});
