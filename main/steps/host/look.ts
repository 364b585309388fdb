import { AppError } from '../../../shared/errors/app-error.js';
import type { HostOutput, HostPort, HostScript, RunAs } from '../../connections/ports.js';

/** Between the fields of a row that a reading script prints; no name that is taken over may hold it. */
export const FIELD = '\u001f';

/** Begins every reading script: plain messages, plain sorting, and a `row` that prints its words as one row. */
export const scriptHead = `set -u
LC_ALL=C
export LC_ALL
field='${FIELD}'
row() {
  line=$1
  shift
  for word in "$@"; do line="$line$field$word"; done
  printf '%s\\n' "$line"
}
fail() {
  printf '%s\\n' "$1" >&2
  exit 1
}
limited() {
  if command -v timeout >/dev/null 2>&1; then timeout 10 "$@"; else "$@"; fi
}
`;

/** As whom to look at what belongs to `owner`; nobody needs sudo to become who they are. */
export async function accountOf(
  port: HostPort,
  owner: string | null,
  signal: AbortSignal,
): Promise<RunAs> {
  if (owner === null) {
    return 'login';
  }
  const { user } = await port.info(signal);
  if (owner === user) {
    return 'login';
  }
  return owner === 'root' ? 'root' : { user: owner };
}

/** Root where it is to be had, because only root reads every journal. */
export async function mostRights(port: HostPort, signal: AbortSignal): Promise<RunAs> {
  const { sudo } = await port.info(signal);
  return sudo === 'none' ? 'login' : 'root';
}

/** Runs a script that only reads. HOST_LOOK_FAILED with its own last word when it does not end well. */
export async function look(
  port: HostPort,
  { what, ...script }: HostScript & { readonly what: string },
  signal: AbortSignal,
): Promise<string> {
  const output = await port.read({ ...script, text: scriptHead + script.text }, signal);
  if (output.exitCode !== 0) {
    throw new AppError('HOST_LOOK_FAILED', `${what}: ${lastWord(output)}.`);
  }
  if (output.isCut) {
    throw new AppError('HOST_LOOK_FAILED', `${what}: the answer is longer than 4 MB.`);
  }
  return output.stdout;
}

/** The rows of a reading script: kind first, then its fields. Anything else that was printed is passed over. */
export function rowsOf(stdout: string, kind: string): readonly (readonly string[])[] {
  return stdout.split('\n').flatMap((line) => {
    const [first, ...fields] = line.split(FIELD);
    return first === kind && fields.length > 0 ? [fields] : [];
  });
}

function lastWord({ stderr, stdout, exitCode }: HostOutput): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '' && !line.includes(FIELD));
  return (last ?? `ended with exit code ${String(exitCode)}`).replace(/\.$/, '').slice(0, 500);
}
