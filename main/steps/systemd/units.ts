import { AppError } from '../../../shared/errors/app-error.js';
import type { HostPort } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';

/** One look at a unit. */
export type UnitSight = {
  readonly activeState: string;
  readonly subState: string;
  readonly result: string;
  readonly restarts: number;
  readonly mainPid: number;
  /** Where the main process runs, with every link followed; null where that cannot be seen. */
  readonly folder: string | null;
  /** What lies on the host for as long as the unit is neither inactive nor failed; empty where nothing does. */
  readonly mark: string;
};

const inactive: ReadonlySet<string> = new Set(['inactive', 'failed']);

export const isInactive = ({ activeState }: UnitSight): boolean => inactive.has(activeState);

/**
 * Functions for scripts that act on `$unit`. `see` asks systemd once for all that is wanted, because each question is a
 * process of its own, and some of them are asked while the service stands still.
 *
 * systemd keeps a link for each unit that runs and takes it away as soon as the unit is inactive or failed. `run_mark`
 * finds it once `see` has seen the unit run; `has_ended` costs no process. Without a mark it says nothing.
 */
export const unitFunctions = `see() {
  id= load= active= sub= result= restarts=0 pid=0 invocation= limit=
  kept_ifs=$IFS
  IFS='
'
  set -f
  for said in $(systemctl show -p Id -p LoadState -p ActiveState -p SubState -p Result -p NRestarts -p MainPID \\
    -p InvocationID -p TimeoutStopUSec -- "$unit"); do
    case $said in
      Id=*) id=\${said#*=} ;;
      LoadState=*) load=\${said#*=} ;;
      ActiveState=*) active=\${said#*=} ;;
      SubState=*) sub=\${said#*=} ;;
      Result=*) result=\${said#*=} ;;
      NRestarts=*) restarts=\${said#*=} ;;
      MainPID=*) pid=\${said#*=} ;;
      InvocationID=*) invocation=\${said#*=} ;;
      TimeoutStopUSec=*) limit=\${said#*=} ;;
    esac
  done
  set +f
  IFS=$kept_ifs
}
see_known() {
  command -v systemctl >/dev/null 2>&1 || fail 'this host has no systemd'
  see
  [ "$load" = loaded ] || fail "there is no unit $unit"
}
run_mark() {
  mark=/run/systemd/units/invocation:$id
  [ -n "$invocation" ] && [ "$(readlink -- "$mark" 2>/dev/null)" = "$invocation" ] || mark=
}
has_ended() { [ -n "$mark" ] && [ ! -h "$mark" ]; }
folder_of() { [ "\${1:-0}" -gt 0 ] && readlink -- "/proc/$1/cwd" 2>/dev/null; }
`;

/**
 * `begin VERB` starts `$unit`. One that was started too often just now is refused by systemd before anything of it runs:
 * only then is the count forgotten and the start asked for again.
 */
export const beginFunction = `begin() {
  [ "$active" != failed ] || systemctl reset-failed -- "$unit" 2>/dev/null || :
  systemctl "$1" -- "$unit" && return
  see
  [ "$result" = start-limit-hit ] || return 1
  systemctl reset-failed -- "$unit" && systemctl "$1" -- "$unit"
}
`;

/** STEP_SCRIPT_FAILED's sibling for looking: HOST_LOOK_FAILED where there is no such unit. */
export async function seeUnitState(
  port: HostPort,
  unit: string,
  signal: AbortSignal,
): Promise<UnitSight> {
  const text = `unit=${shellQuote(unit)}
${unitFunctions}see_known
run_mark
printf '%s=%s\\n' ActiveState "$active" SubState "$sub" Result "$result" NRestarts "$restarts" MainPID "$pid" \\
  Folder "$(folder_of "$pid")" Mark "$mark"
`;
  const stdout = await look(
    port,
    { text, as: 'root', what: `Looking at the unit ${unit}` },
    signal,
  );
  const values = new Map(
    stdout.split('\n').map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const folder = values.get('Folder') ?? '';
  return {
    activeState: values.get('ActiveState') ?? 'unknown',
    subState: values.get('SubState') ?? 'unknown',
    result: values.get('Result') ?? 'unknown',
    restarts: Number(values.get('NRestarts') ?? 0),
    mainPid: Number(values.get('MainPID') ?? 0),
    folder: folder === '' ? null : folder,
    mark: values.get('Mark') ?? '',
  };
}

export function unitText(unit: string, { activeState, subState, result }: UnitSight): string {
  const why = result === 'success' || result === 'unknown' ? '' : `, ${result}`;
  return `${unit} is ${activeState} (${subState}${why})`;
}

/** The unit must run what was put in its place, not what it ran before. */
export function mustRunFrom(unit: string, sight: UnitSight, release: string | undefined): void {
  if (release !== undefined && sight.folder !== null && !isInside(sight.folder, release)) {
    throw new AppError(
      'SERVICE_WRONG_RELEASE',
      `${unit} runs from ${sight.folder}, not from ${release}.`,
    );
  }
}

export function isInside(folder: string, release: string): boolean {
  return folder === release || folder.startsWith(`${release}/`);
}
