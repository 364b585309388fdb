import { AppError } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';
import type { Connections } from '../connections/ports.js';
import { ScriptedRunner } from './host/scripted-runner.js';
import type { ActingKind, AnyStepKind, Observation, StepContext } from './step-kind.js';
import type { StepWork } from './step-work.js';

export type StepRunnerDeps = {
  readonly runId: string;
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
  readonly countTogether: (steps: readonly StepState[]) => number;
  readonly actTogether: (work: StepWork, signal: AbortSignal) => Promise<void>;
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
  const scripted = new ScriptedRunner({ ...deps, contextOf });

  return {
    observe: (step, signal) => {
      const kind = deps.kindOf(step.plan.kind);
      return 'script' in kind
        ? scripted.observe(kind, step, signal)
        : kind.observe(step.plan.params, contextOf(step, signal), step.before);
    },

    capture: (step, signal) =>
      deps.kindOf(step.plan.kind).capture(step.plan.params, contextOf(step, signal)),

    act: async (step, before, signal) => {
      const kind = actingKindOf(deps, step);
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
      const { signal } = new AbortController();
      const kind = deps.kindOf(step.plan.kind);
      return 'script' in kind
        ? scripted.undo(kind, step, signal)
        : kind.undo(step.plan.params, step.before, contextOf(step, signal));
    },

    countTogether: (steps) => scripted.count(steps),
    actTogether: (work, signal) => scripted.act(work, signal),
  };
}

function actingKindOf(deps: StepRunnerDeps, step: StepState): ActingKind {
  const kind = deps.kindOf(step.plan.kind);
  if ('script' in kind) {
    // The engine asks `countTogether` first; a scripted step is never done by itself.
    throw new Error(`${kind.kind} is done by a script.`);
  }
  return kind;
}
