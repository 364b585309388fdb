import { recover } from '../../shared/run/next-action.js';
import { reduceStep, withoutApprovals } from '../../shared/run/reduce-step.js';
import type { StepEvent } from '../../shared/run/reduce-step.js';
import type { RunState } from '../../shared/run/state.js';

/**
 * How a run stands that nobody drives: what its journal has as running is unknown, and no approval holds. Main
 * writes the same down when the run is continued; until then it must not look as if something were under way.
 */
export function asLeft(run: RunState): RunState {
  const at = run.lastAt;
  if (at === null) {
    return run;
  }
  const settled = recover(run)
    .filter((event): event is StepEvent => 'stepId' in event)
    .reduce((state, event) => reduceStep(state, event, at), run);
  return { ...settled, undoRequested: null, steps: withoutApprovals(settled.steps) };
}
