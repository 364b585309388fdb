import { currentStep, isGate, isSettled } from '../../../shared/run/select.js';
import type { RunState, StepState } from '../../../shared/run/state.js';

/** What the run would do by itself from here: the steps up to the next gate, and the gate if there is one. */
export type ToGate = {
  readonly steps: readonly StepState[];
  readonly gate: StepState | null;
};

export function toGate(run: RunState): ToGate {
  const current = currentStep(run);
  // A step that was tried or taken back before is approved by a person only.
  if (current?.status !== 'pending' || current.attempt > 0) {
    return { steps: [], gate: null };
  }
  const ahead = run.steps.filter((step) => !isSettled(step));
  const isEnd = (step: StepState): boolean =>
    step.attempt > 0 || step.status !== 'pending' || isGate(run, step.plan.unit);
  const end = ahead.findIndex(isEnd);
  return {
    steps: end === -1 ? ahead : ahead.slice(0, end),
    gate: end === -1 ? null : (ahead[end] ?? null),
  };
}
