import { busyStep, isExecuting } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';

export type QuitRisk = { readonly message: string; readonly detail: string };

/** What quitting now would leave in the middle of a change; null when nothing. */
export function quitRiskOf(states: readonly RunState[]): QuitRisk | null {
  const state = states.find(isExecuting);
  if (state === undefined) {
    return null;
  }
  const busy = busyStep(state);
  const service = state.started?.runbook.service.name ?? 'A run';
  return {
    message: `${service} is in the middle of a rollback.`,
    detail:
      busy === undefined
        ? 'Nothing is running right now. The run can be continued when Lastgood is opened again.'
        : `${busy.plan.title} is running. Quitting does not stop it, and its outcome will be unknown.`,
  };
}
