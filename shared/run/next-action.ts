import type { RunEvent } from './events.js';
import { currentStep, isGate, stepById, stepsToApprove, stepsToUndo } from './select.js';
import type { RunState, StepState } from './state.js';

/** What the engine should do now. One thing at a time: a run is a sequence, never a race. Only looks are made side by side (ADR 15). */
export type NextAction =
  | { readonly type: 'wait' }
  | { readonly type: 'run'; readonly step: StepState }
  | { readonly type: 'look'; readonly step: StepState }
  | { readonly type: 'undo'; readonly step: StepState }
  | { readonly type: 'record'; readonly event: RunEvent };

const wait: NextAction = { type: 'wait' };

export function nextAction(state: RunState): NextAction {
  if (state.handedOver !== null) {
    return wait;
  }
  if (state.phase === 'rolling-forward') {
    return nextUndo(state);
  }
  if (state.phase !== 'executing') {
    return wait;
  }
  if (state.undoRequested !== null) {
    const step = stepById(state, state.undoRequested);
    return step === undefined ? wait : undoOf(step, state);
  }
  const step = currentStep(state);
  if (step === undefined) {
    return { type: 'record', event: { type: 'rollback.completed' } };
  }
  return step.status === 'approved' ? { type: 'run', step } : byItself(step, state);
}

/** Whether these, and nothing before them, are what is to be carried out now. */
export function isNextToRun(state: RunState, steps: readonly StepState[]): boolean {
  const action = nextAction(state);
  return (
    action.type === 'run' &&
    action.step.plan.id === steps[0]?.plan.id &&
    steps.every(({ plan }) => stepById(state, plan.id)?.status === 'approved')
  );
}

/** In the other modes the console approves what the operator has ordered beforehand, up to the next gate. */
function byItself(step: StepState, state: RunState): NextAction {
  const { mode } = state;
  const isFresh = step.status === 'pending' && step.attempt === 0;
  if (mode === 'step' || !isFresh || state.paused !== null) {
    return wait;
  }
  const { unit } = step.plan;
  if (isGate(state, unit)) {
    const reason = `${step.plan.title} needs a person.`;
    return {
      type: 'record',
      event: { type: 'mode.changed', mode: 'step', by: 'console', reason },
    };
  }
  const stepIds = stepsToApprove(state, unit).map(({ plan }) => plan.id);
  return {
    type: 'record',
    event: {
      type: 'unit.approved',
      unit,
      stepIds,
      by: state.operator,
      typed: null,
      authority: null,
    },
  };
}

/** Newest first. A step that failed half-way is taken back too; one that never started is left alone. */
function nextUndo(state: RunState): NextAction {
  const step = stepsToUndo(state)[0];
  return step === undefined
    ? { type: 'record', event: { type: 'roll-forward.completed' } }
    : undoOf(step, state);
}

function undoOf(step: StepState, state: RunState): NextAction {
  switch (step.status) {
    case 'undoing':
    case 'running':
      return wait;
    // A failed undo holds: going on by itself could start a service on a half-restored state.
    case 'undo-failed':
      return state.undoRequested === step.plan.id ? { type: 'undo', step } : wait;
    // Whether its act has ended must be seen before it is taken back.
    case 'unknown':
      return lookFirst(step);
    default:
      return { type: 'undo', step };
  }
}

function lookFirst(step: StepState): NextAction {
  if (step.looked === null) {
    return { type: 'look', step };
  }
  // Where there is nothing to take back, not knowing whether it happened keeps nobody waiting.
  const mustBeSeen = step.looked.isDone === null && step.plan.undoText !== null;
  return mustBeSeen ? wait : { type: 'undo', step };
}

/** What a new session must write before anything else: after a crash nobody knows what the other side did. */
export function recover(state: RunState): readonly RunEvent[] {
  const reason = 'The console ended while this was under way.';
  return state.steps.flatMap(({ plan: { id: stepId }, status }): RunEvent[] => {
    if (status === 'running') {
      return [{ type: 'step.unknown', stepId, reason }];
    }
    if (status === 'undoing') {
      const error = {
        code: 'STEP_UNDO_UNKNOWN',
        message: 'The console ended while this was being taken back. Retrying is safe.',
        retryable: true,
      };
      return [{ type: 'undo.failed', stepId, error }];
    }
    return [];
  });
}
