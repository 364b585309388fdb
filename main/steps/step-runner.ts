import { AppError } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';
import type { Connections } from '../connections/ports.js';
import type { AnyStepKind, Observation, StepContext } from './step-kind.js';

export type StepRunnerDeps = {
  readonly kindOf: (kind: string) => AnyStepKind;
  readonly connections: Connections;
  readonly emit: (stepId: string, line: string) => void;
  /** Rejects with STEP_STOPPED when the signal fires. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** Fits the engine's `StepRunner`, which this folder may not import. */
export type KindRunner = {
  readonly observe: (step: StepState, signal: AbortSignal) => Promise<Observation>;
  readonly capture: (step: StepState, signal: AbortSignal) => Promise<Json>;
  readonly act: (step: StepState, before: Json, signal: AbortSignal) => Promise<string>;
  readonly undo: (step: StepState) => Promise<string>;
};

/** Carries out one planned step through its kind. */
export function createStepRunner(deps: StepRunnerDeps): KindRunner {
  const contextOf = (step: StepState, signal: AbortSignal): StepContext => ({
    connections: deps.connections,
    signal,
    emit: (line) => {
      deps.emit(step.plan.id, line);
    },
    delay: (milliseconds) => deps.delay(milliseconds, signal),
  });

  return {
    observe: (step, signal) =>
      deps.kindOf(step.plan.kind).observe(step.plan.params, contextOf(step, signal)),

    capture: (step, signal) =>
      deps.kindOf(step.plan.kind).capture(step.plan.params, contextOf(step, signal)),

    act: async (step, before, signal) => {
      const kind = deps.kindOf(step.plan.kind);
      const context = contextOf(step, signal);
      await kind.act(step.plan.params, before, context);
      return kind.verify(step.plan.params, before, context);
    },

    undo: async (step) => {
      if (step.attempt === 0) {
        throw new AppError(
          'STEP_DONE_BY_HAND',
          `${step.plan.title} was done by hand: the console has nothing on record to restore.`,
        );
      }
      const context = contextOf(step, new AbortController().signal);
      return deps.kindOf(step.plan.kind).undo(step.plan.params, step.before, context);
    },
  };
}
