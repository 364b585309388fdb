import type { RunSummary } from '../../shared/ipc/views.js';
import { figures } from '../../shared/metrics/figures.js';
import type { RunId } from '../../shared/run/events.js';
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
    unknownSteps: (isAttached ? unknownSteps(state) : doubtfulSteps(state)).map(
      ({ plan }) => plan.title,
    ),
    rollbackSeconds: state.order === null ? null : rollbackSeconds,
    downtimeSeconds: state.order === null ? null : downtimeSeconds,
    unhealthySeconds: state.order === null ? null : unhealthySeconds,
    improvements: state.review.improvements,
    problem: null,
    owner: null,
  };
}

/** What was under way in a run that nobody drives any more is unknown, even before it is taken up again. */
function doubtfulSteps({ steps }: RunState): RunState['steps'] {
  return steps.filter(
    ({ status }) => status === 'unknown' || status === 'running' || status === 'undoing',
  );
}

/** A run whose journal does not read to its end stays in the lists, with what could be read of it. */
export function summarizeProblem(
  runId: RunId,
  readable: RunSummary | null,
  problem: string,
  startedAt: string,
): RunSummary {
  return { ...(readable ?? unreadable(runId, startedAt)), runId, problem };
}

function unreadable(runId: RunId, startedAt: string): RunSummary {
  return {
    runId,
    // Nobody knows; it is taken for the one that matters more.
    kind: 'incident',
    runbookId: '',
    service: '',
    environment: '',
    tier: 'production',
    operator: '',
    startedAt,
    fromVersion: null,
    toVersion: null,
    phase: 'unreadable',
    outcome: null,
    isAttached: false,
    unknownSteps: [],
    rollbackSeconds: null,
    downtimeSeconds: null,
    unhealthySeconds: null,
    improvements: '',
    problem: null,
    owner: null,
  };
}

/** A run that nobody drives stands still: its clocks end with its last record. */
function lastKnown(state: RunState, now: Moment, isAttached: boolean): Moment {
  return isAttached ? now : (state.lastAt ?? now);
}

function phaseOf(state: RunState): string {
  if (state.handedOver !== null && state.phase !== 'closed') {
    return `handed over to ${state.handedOver.to}`;
  }
  return state.watch !== null && state.watch.ended === null && state.phase === 'completed'
    ? 'watching'
    : phaseWords[state.phase];
}
