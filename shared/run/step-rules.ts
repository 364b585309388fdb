import { assertNever } from '../assert-never.js';
import type { RunCommand, RunCommandType } from './commands.js';
import {
  busyStep,
  currentStep,
  isAuthority,
  isExecuting,
  needsAuthority,
  newestUndoable,
  stepById,
  stepsToApprove,
  typingFor,
} from './select.js';
import type { RunState, StepStatus } from './state.js';
import { statusWord } from './status-words.js';

type Of<T extends RunCommandType> = Extract<RunCommand, { type: T }>;

export type StepCommand = Of<
  | 'approve'
  | 'retry'
  | 'skip'
  | 'done-by-hand'
  | 'stop'
  | 'keep-waiting'
  | 'settle'
  | 'undo'
  | 'retry-undo'
  | 'settle-undo'
  | 'roll-forward'
>;

/** Why a command about a step is not legal now; null when it is. */
export function refuseStepCommand(state: RunState, command: StepCommand): string | null {
  if (command.type === 'roll-forward') {
    return refuseRollForward(state);
  }
  if (!isExecuting(state)) {
    return 'No steps are being carried out now.';
  }
  switch (command.type) {
    case 'approve':
      return refuseApproval(state, command);
    case 'retry':
      return forward(state) ?? currentMustBe(state, command.stepId, ['failed']);
    case 'skip':
    case 'done-by-hand':
      return (
        forward(state) ?? currentMustBe(state, command.stepId, ['pending', 'failed', 'undone'])
      );
    case 'stop':
    case 'keep-waiting':
      return refuseWhileRunning(state, command);
    case 'settle':
      return mustBe(state, command.stepId, ['unknown']) ?? refuseSettle(state, command);
    case 'undo':
      return refuseUndo(state, command);
    case 'retry-undo':
    case 'settle-undo':
      return mustBe(state, command.stepId, ['undo-failed']);
    default:
      return assertNever(command);
  }
}

function refuseWhileRunning(
  state: RunState,
  { type, stepId }: Of<'stop' | 'keep-waiting'>,
): string | null {
  const step = stepById(state, stepId);
  if (step?.status !== 'running') {
    return 'That step is not running.';
  }
  if (type === 'stop') {
    return step.isStopRequested ? 'That step was already asked to stop.' : null;
  }
  return step.overdue === null ? 'Nobody is asked about that step.' : null;
}

function refuseApproval(state: RunState, { unit, typed, authority }: Of<'approve'>): string | null {
  const refused = forward(state);
  if (refused !== null) {
    return refused;
  }
  const [first] = stepsToApprove(state, unit);
  if (first === undefined) {
    return 'That is not what comes next.';
  }
  if (first.status !== 'pending' && first.status !== 'undone') {
    return `${first.plan.title} is ${statusWord(first.status)}.`;
  }
  if (first.plan.isManual) {
    return `${first.plan.title} is done by hand: say what was done, or skip it with a reason.`;
  }
  if (needsAuthority(state, unit) && !isAuthority(state, authority)) {
    return 'This needs the word of somebody who may order a rollback. Choose who gave it.';
  }
  const wanted = typingFor(state, unit);
  if (wanted !== null && (typed?.version !== wanted.version || typed.host !== wanted.host)) {
    return `Type the version (${wanted.version}) and the environment (${wanted.host}) exactly: this cannot be taken back.`;
  }
  return null;
}

function refuseSettle(state: RunState, { as, evidence }: Of<'settle'>): string | null {
  if (as === 'by-hand' && evidence.trim() === '') {
    return 'Say what was done by hand.';
  }
  return state.phase === 'rolling-forward' && as === 'by-hand'
    ? 'While everything is being taken back, say only whether the step is done or not done.'
    : null;
}

function refuseUndo(state: RunState, { stepId }: Of<'undo'>): string | null {
  const refused = forward(state);
  if (refused !== null) {
    return refused;
  }
  const newest = newestUndoable(state);
  if (newest?.plan.id !== stepId) {
    return 'Only the newest step that changed something can be taken back on its own.';
  }
  if (newest.status === 'unknown') {
    return `${newest.plan.title} has an unknown outcome. Settle it first.`;
  }
  return newest.plan.isReversible ? null : `${newest.plan.title} cannot be taken back.`;
}

function refuseRollForward(state: RunState): string | null {
  if (state.phase === 'rolling-forward') {
    return 'Everything is already being taken back.';
  }
  if (state.phase !== 'executing' && state.phase !== 'completed') {
    return 'There is nothing to take back.';
  }
  const busy = busyStep(state);
  if (busy !== undefined) {
    return `${busy.plan.title} is still ${statusWord(busy.status)}. Stop it first.`;
  }
  return null;
}

/** Nothing may be running or half known while something else is set going. */
export function forward(state: RunState): string | null {
  if (state.phase === 'rolling-forward') {
    return 'Everything is being taken back now.';
  }
  if (state.paused !== null) {
    return `The run is paused by ${state.paused.by}. Continue it first.`;
  }
  const blocking = state.steps.find(({ status }) => busyStatuses.has(status));
  return blocking === undefined
    ? null
    : `${blocking.plan.title} is ${statusWord(blocking.status)}. Settle that first.`;
}

function currentMustBe(
  state: RunState,
  stepId: string,
  statuses: readonly StepStatus[],
): string | null {
  return currentStep(state)?.plan.id === stepId
    ? mustBe(state, stepId, statuses)
    : 'That is not the step in focus.';
}

function mustBe(state: RunState, stepId: string, statuses: readonly StepStatus[]): string | null {
  const step = stepById(state, stepId);
  if (step === undefined) {
    return 'The plan has no such step.';
  }
  return statuses.includes(step.status)
    ? null
    : `${step.plan.title} is ${statusWord(step.status)}.`;
}

const busyStatuses: ReadonlySet<StepStatus> = new Set([
  'approved',
  'running',
  'undoing',
  'undo-failed',
  'unknown',
]);
