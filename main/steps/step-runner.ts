import { AppError } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import type { Foresight } from '../../shared/plan/foresight.js';
import type { StepState } from '../../shared/run/state.js';
import type { Connections, HttpPort } from '../connections/ports.js';
import { Foreseen } from './foreseen.js';
import { ScriptedRunner } from './host/scripted-runner.js';
import { Patience } from './patience.js';
import type { ActingKind, AnyStepKind, Observation, StepContext, StepVault } from './step-kind.js';
import type { LeftStepWork, StepWork, StepWorkSight } from './step-work.js';

export type StepRunnerDeps = {
  readonly runId: string;
  readonly kindOf: (kind: string) => AnyStepKind;
  readonly connections: Connections;
  readonly vault: StepVault;
  readonly emit: (stepId: string, line: string) => void;
  /** Resolves when what steps said lies on this computer's disk; rejects with LOG_NOT_KEPT. */
  readonly kept: () => Promise<void>;
  /** Rejects with STEP_STOPPED when the signal fires. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** Fits the engine's `StepRunner`, which this folder may not import. */
export type KindRunner = {
  /** Reads only. */
  readonly foresee: (step: StepState, signal: AbortSignal) => Promise<Foresight | null>;
  /** Reads only. A line for each thing that taking it back would lose as things are now. */
  readonly foreseeUndo: (step: StepState, signal: AbortSignal) => Promise<readonly string[]>;
  readonly observe: (step: StepState, signal: AbortSignal) => Promise<Observation>;
  readonly capture: (step: StepState, signal: AbortSignal) => Promise<Json>;
  readonly capturesAnew: (step: StepState) => boolean;
  readonly act: (step: StepState, before: Json, signal: AbortSignal) => Promise<string>;
  readonly undo: (step: StepState) => Promise<string>;
  readonly countLooks: (steps: readonly StepState[]) => number;
  readonly countTogether: (steps: readonly StepState[]) => number;
  readonly actTogether: (work: StepWork, signal: AbortSignal) => Promise<void>;
  readonly lookAtWork: (work: LeftStepWork, signal: AbortSignal) => Promise<StepWorkSight>;
  readonly followWork: (
    work: LeftStepWork & Pick<StepWork, 'onEnd'>,
    signal: AbortSignal,
  ) => Promise<void>;
};

export type HostRunner = KindRunner & {
  /** Takes away what was kept for undo alone; says by name what is gone and what could not be taken away. */
  readonly closeUp: (
    steps: readonly StepState[],
    signal: AbortSignal,
  ) => Promise<readonly string[]>;
};

/** Carries out one planned step through its kind. */
export function createStepRunner(deps: StepRunnerDeps): HostRunner {
  const foreseen = new Foreseen();
  const contextOf = (step: StepState, signal: AbortSignal): StepContext => ({
    connections: deps.connections,
    vault: deps.vault,
    signal,
    emit: (line) => {
      deps.emit(step.plan.id, line);
    },
    kept: deps.kept,
    delay: (milliseconds) => deps.delay(milliseconds, signal),
    foreseen: foreseen.of(step.plan.id),
  });
  const patience = new Patience(deps);
  const scripted = new ScriptedRunner({ ...deps, contextOf, patience });

  return lettingGo(deps.connections.http, {
    ...foreseeing(deps, contextOf, foreseen),

    observe: (step, signal) => {
      const kind = deps.kindOf(step.plan.kind);
      const look = () =>
        'script' in kind
          ? scripted.observe(kind, step, signal)
          : kind.observe(step.plan.params, contextOf(step, signal), step.before);
      return patience.forReading(look, signal);
    },

    capture: (step, signal) => {
      const kind = deps.kindOf(step.plan.kind);
      return patience.forReading(
        () => kind.capture(step.plan.params, contextOf(step, signal)),
        signal,
      );
    },

    act: async (step, before, signal) => {
      const kind = actingKindOf(deps, step);
      const context = contextOf(step, signal);
      const verify = () => kind.verify(step.plan.params, before, context);
      await kind.act(step.plan.params, before, context);
      return kind.risk === 'read' ? patience.forReading(verify, signal) : verify();
    },

    undo: async (step) => {
      mustBeOnRecord(step);
      const { signal } = new AbortController();
      const kind = deps.kindOf(step.plan.kind);
      return 'script' in kind
        ? scripted.undo(kind, step, signal)
        : kind.undo(step.plan.params, step.before, contextOf(step, signal));
    },

    capturesAnew: ({ plan }) => deps.kindOf(plan.kind).capturesAnew,
    countLooks: (steps) => countLooks(steps, deps.kindOf),
    countTogether: (steps) => scripted.count(steps),
    actTogether: (work, signal) => scripted.act(work, signal),
    lookAtWork: (work, signal) => scripted.lookAt(work, signal),
    followWork: (work, signal) => scripted.follow(work, signal),
    closeUp: (steps, signal) => scripted.closeUp(steps, signal),
  });
}

/** What answers over a connection from before a change may be the version before, so none of those is used again. */
function lettingGo(http: HttpPort, runner: HostRunner): HostRunner {
  return {
    ...runner,
    act: (step, before, signal) => {
      if (step.plan.risk !== 'read') {
        http.letGo();
      }
      return runner.act(step, before, signal);
    },
    actTogether: (work, signal) => {
      http.letGo();
      return runner.actTogether(work, signal);
    },
    undo: (step) => {
      http.letGo();
      return runner.undo(step);
    },
  };
}

function mustBeOnRecord({ attempt, plan }: StepState): void {
  if (attempt === 0) {
    const text = `${plan.title} was done by hand: the console has nothing on record to restore.`;
    throw new AppError('STEP_DONE_BY_HAND', text);
  }
}

function countLooks(steps: readonly StepState[], kindOf: StepRunnerDeps['kindOf']): number {
  const end = steps.findIndex(({ plan }) => !kindOf(plan.kind).isGlance);
  const glances = end === -1 ? steps.length : end;
  return glances === 0 && steps[0]?.plan.risk === 'read' ? 1 : glances;
}

function foreseeing(
  { kindOf }: StepRunnerDeps,
  contextOf: (step: StepState, signal: AbortSignal) => StepContext,
  foreseen: Foreseen,
): Pick<KindRunner, 'foresee' | 'foreseeUndo'> {
  return {
    foresee: async (step, signal) => {
      const { id, kind, params } = step.plan;
      return foreseen.keep(id, await kindOf(kind).foresee(params, contextOf(step, signal)));
    },
    // Of one done by hand there is nothing on record to take back by.
    foreseeUndo: async (step, signal) =>
      step.attempt === 0
        ? []
        : kindOf(step.plan.kind).foreseeUndo(
            step.plan.params,
            step.before,
            contextOf(step, signal),
          ),
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
