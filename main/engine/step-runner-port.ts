import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';

/** What the engine asks of the world, one planned step at a time. */
export interface StepRunner {
  /** Reads only: whether the state the step wants is already there; null where looking cannot tell. */
  observe(
    step: StepState,
    signal: AbortSignal,
  ): Promise<{ readonly isDone: boolean | null; readonly facts: string }>;
  /** Reads only: what undo will need. */
  capture(step: StepState, signal: AbortSignal): Promise<Json>;
  /** Makes the change and proves it; one line about what holds now. */
  act(step: StepState, before: Json, signal: AbortSignal): Promise<string>;
  undo(step: StepState): Promise<string>;
}
