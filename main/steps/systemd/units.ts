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
};

const inactive: ReadonlySet<string> = new Set(['inactive', 'failed']);

export const isInactive = ({ activeState }: UnitSight): boolean => inactive.has(activeState);

/** Functions for scripts that act on `$unit`. */
export const unitFunctions = `value() { systemctl show -p "$1" --value -- "$unit"; }
known() {
  command -v systemctl >/dev/null 2>&1 || fail 'this host has no systemd'
  [ "$(value LoadState)" = loaded ] || fail "there is no unit $unit"
}
folder_of() { [ "\${1:-0}" -gt 0 ] && readlink -- "/proc/$1/cwd" 2>/dev/null; }
`;

/** STEP_SCRIPT_FAILED's sibling for looking: HOST_LOOK_FAILED where there is no such unit. */
export async function seeUnitState(
  port: HostPort,
  unit: string,
  signal: AbortSignal,
): Promise<UnitSight> {
  const text = `unit=${shellQuote(unit)}
${unitFunctions}known
systemctl show -p ActiveState -p SubState -p Result -p NRestarts -p MainPID -- "$unit"
printf 'Folder=%s\\n' "$(folder_of "$(value MainPID)")"
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
