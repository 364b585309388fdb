import type { RunSummary } from '../../shared/ipc/views.js';
import { endOf, figures } from '../../shared/metrics/figures.js';
import type { Figures } from '../../shared/metrics/figures.js';
import type { Moment, RunState, StartedRun } from '../../shared/run/state.js';

/** Runs this one may be compared with: same service, place and kind. Drills never mix with incidents. */
export function alike(runs: readonly RunSummary[], started: StartedRun): readonly RunSummary[] {
  return runs.filter(
    (run) =>
      run.runId !== started.runId &&
      run.kind === started.kind &&
      run.runbookId === started.runbook.id &&
      run.environment === started.environment.name,
  );
}

/** The last finished one before this. */
export function lastAlike(runs: readonly RunSummary[], started: StartedRun): RunSummary | null {
  const before = alike(runs, started)
    .filter(({ outcome, startedAt }) => outcome !== null && startedAt < started.at.at)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  return before[0] ?? null;
}

/** Finished rollbacks that ended with the target serving, this one included when it is over. */
export function successRate(
  runs: readonly RunSummary[],
  started: StartedRun,
  run: RunState,
): { readonly succeeded: number; readonly of: number } {
  const ended = alike(runs, started).filter(
    ({ outcome, toVersion }) => outcome !== null && toVersion !== null,
  );
  const own = run.order !== null && endOf(run) !== null;
  return {
    succeeded:
      ended.filter(({ outcome }) => outcome === 'rolled-back').length +
      (own && run.completedAt !== null ? 1 : 0),
    of: ended.length + (own ? 1 : 0),
  };
}

/** How often the same deployment has been rolled back before. */
export function repeats(runs: readonly RunSummary[], started: StartedRun, run: RunState): number {
  const version = run.from?.version;
  return version === undefined
    ? 0
    : alike(runs, started).filter(
        ({ fromVersion, outcome }) => fromVersion === version && outcome === 'rolled-back',
      ).length;
}

/** The figures of a run that is over do not move with the clock. */
export function finalFigures(run: RunState, now: Moment): Figures {
  return figures(run, endOf(run) ?? now);
}
