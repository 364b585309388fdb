import type { RunEvent, RunId, RunRecord } from './events.js';
import type { Moment, RunState } from './state.js';

export function momentOf(record: RunRecord): Moment {
  return { at: record.at, monotonicMs: record.monotonicMs, session: record.session };
}

export function startRun(
  state: RunState,
  event: Extract<RunEvent, { type: 'run.started' }>,
  runId: RunId,
  at: Moment,
): RunState {
  const { kind, operator, appVersion, runbook, environment, faults } = event;
  const procedure =
    runbook.procedures.find(({ id }) => id === event.procedureId) ?? runbook.procedures[0];
  if (procedure === undefined) {
    return state;
  }
  return {
    ...state,
    operator,
    started: { runId, kind, operator, appVersion, runbook, environment, procedure, faults, at },
  };
}
