import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import type { HostPort } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import { unitFunctions } from './units.js';

const mostLines = 10_000;

/** What the unit has written since it was last started, oldest first. */
export async function linesSinceStart(
  port: HostPort,
  unit: string,
  tail: number | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const text = `unit=${shellQuote(unit)}
${unitFunctions}see_known
[ "\${restarts:-0}" -eq 0 ] || row restarts "$restarts"
[ -n "$invocation" ] || fail "$unit was not started since the host was"
journalctl --no-pager --quiet --all --output=cat --lines=${String(tail ?? mostLines)} _SYSTEMD_INVOCATION_ID="$invocation" + INVOCATION_ID="$invocation" || fail "the journal of $unit cannot be read"
`;
  const what = `Reading the journal of ${unit}`;
  const stdout = await look(port, { text, as: 'root', what }, signal);
  const restarts = /^restarts\u001f(\d+)$/m.exec(stdout)?.[1];
  if (restarts !== undefined) {
    throw new AppError(
      'SERVICE_EXITED',
      `${unit} was restarted ${times(Number(restarts))} by systemd.`,
    );
  }
  return stdout.split('\n').filter((line) => line !== '');
}
