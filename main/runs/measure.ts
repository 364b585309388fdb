import type { Reading } from '../../shared/decision/evidence.js';
import { failedPercent } from './baseline.js';
import type { LiveRun } from './live-run.js';

/** Live numbers for the evidence form, each with what it was measured from. Null where nothing was measured. */
export async function measureNow(
  live: LiveRun,
  at: string,
): Promise<{
  errorRatePercent: Reading | null;
  restarts: Reading | null;
  errorLines: Reading | null;
}> {
  const { window, errorLines } = live;
  const failed = window.filter(({ to }) => to !== 'serving').length;
  const percent = failedPercent(failed, window.length);
  const container = await live.docker
    .container(live.place.container, live.signal)
    .catch(() => null);
  return {
    errorRatePercent:
      percent === null
        ? null
        : reading(
            percent,
            `${String(failed)} of ${String(window.length)} health requests failed`,
            at,
          ),
    restarts:
      container === null
        ? null
        : reading(container.restartCount, `restarts of ${live.place.container}`, at),
    errorLines: reading(errorLines.length, 'error lines in the log since this run began', at),
  };
}

function reading(value: number, detail: string, at: string): Reading {
  return { value, source: 'live', detail, at };
}
