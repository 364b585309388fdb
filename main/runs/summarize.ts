import type { RunSummary } from '../../shared/ipc/views.js';
import { figures } from '../../shared/metrics/figures.js';
import { unknownSteps } from '../../shared/run/select.js';
import type { Moment, RunState } from '../../shared/run/state.js';

const phaseWords = {
  deciding: 'deciding',
  preparing: 'preparing',
  executing: 'executing',
  'rolling-forward': 'rolling forward',
  completed: 'target serves',
  'rolled-forward': 'rolled forward',
  closed: 'closed',
} as const satisfies Record<RunState['phase'], string>;

/** One line for lists. Null for a journal that never got past its first line. */
export function summarize(state: RunState, now: Moment, isAttached: boolean): RunSummary | null {
  const { started } = state;
  if (started === null) {
    return null;
  }
  const { runbook, environment, runId, kind } = started;
  const { rollbackSeconds, downtimeSeconds, unhealthySeconds } = figures(
    state,
    lastKnown(state, now, isAttached),
  );
  return {
    runId,
    kind,
    runbookId: runbook.id,
    service: runbook.service.name,
    environment: environment.name,
    tier: environment.tier,
    operator: state.operator,
    startedAt: started.at.at,
    fromVersion: state.from?.version ?? null,
    toVersion: state.target?.version ?? null,
    phase: phaseOf(state),
    outcome: state.closed?.outcome ?? null,
    isAttached,
    unknownSteps: unknownSteps(state).map(({ plan }) => plan.title),
    rollbackSeconds: state.order === null ? null : rollbackSeconds,
    downtimeSeconds: state.order === null ? null : downtimeSeconds,
    unhealthySeconds: state.order === null ? null : unhealthySeconds,
    improvements: state.review.improvements,
  };
}

/** A run that nobody drives stands still: its clocks end with its last record. */
function lastKnown(state: RunState, now: Moment, isAttached: boolean): Moment {
  return isAttached ? now : (state.lastAt ?? now);
}

function phaseOf(state: RunState): string {
  return state.watch !== null && state.watch.ended === null && state.phase === 'completed'
    ? 'watching'
    : phaseWords[state.phase];
}
