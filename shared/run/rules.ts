import { assertNever } from '../assert-never.js';
import type { RunCommand, RunCommandType } from './commands.js';
import {
  busyStep,
  currentStep,
  isAuthority,
  isExecuting,
  needsAuthority,
  newestUndoable,
  openRequiredItems,
  stepById,
  stepsToApprove,
  typingFor,
} from './select.js';
import type { RunMode } from './events.js';
import type { RunState, StepStatus, Tick } from './state.js';

type Of<T extends RunCommandType> = Extract<RunCommand, { type: T }>;

/**
 * Why a command is not legal now, in words for the operator; null when it is. The engine refuses by it and
 * the page offers by it.
 */
export function refusalOf(state: RunState, command: RunCommand): string | null {
  if (state.started === null) {
    return 'The run has not started.';
  }
  if (state.phase === 'closed' && !afterClosing.has(command.type)) {
    return 'The run is closed.';
  }
  if (state.handedOver !== null) {
    return `The run was handed over to ${state.handedOver.to}. Take it back to go on here.`;
  }
  switch (command.type) {
    case 'record-evidence':
      return null;
    case 'fix-forward':
      return state.order === null ? null : 'A rollback has already been ordered.';
    case 'tick':
    case 'untick':
    case 'pass-by':
      return refuseTick(state, command);
    case 'complete-preparation':
      return refusePreparation(state);
    case 'end-watch':
      return state.watch !== null && state.watch.ended === null ? null : 'No watch is running.';
    case 'edit-message':
    case 'mark-sent':
      return hasMessage(state, command.messageId) ? null : 'The runbook has no such message.';
    case 'pause':
      return refusePause(state);
    case 'continue':
      return state.paused === null ? 'The run is not paused.' : null;
    case 'choose-mode':
      return refuseMode(state, command.mode);
    case 'note':
    case 'record-review':
    case 'tick-drill-item':
      return null;
    case 'close':
      return refuseClose(state);
    default:
      return refuseStepCommand(state, command);
  }
}

/** What may still be written down when nothing can be done any more. */
const afterClosing: ReadonlySet<RunCommandType> = new Set([
  'note',
  'record-review',
  'tick-drill-item',
  'mark-sent',
  'edit-message',
]);

type StepCommand = Of<
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

function refuseStepCommand(state: RunState, command: StepCommand): string | null {
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
    case 'stop': {
      const step = stepById(state, command.stepId);
      return step?.status === 'running' && !step.isStopRequested
        ? null
        : 'That step is not running.';
    }
    case 'keep-waiting':
      return (
        mustBe(state, command.stepId, ['running']) ??
        (stepById(state, command.stepId)?.overdue === null
          ? 'Nobody is asked about that step.'
          : null)
      );
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

/** Why the run may not go out to another console now; null when it may. */
export function refusalOfHandover(state: RunState): string | null {
  if (state.started === null || state.phase === 'closed') {
    return 'The run is closed.';
  }
  if (state.handedOver !== null) {
    return `The run was already handed over to ${state.handedOver.to}.`;
  }
  const busy = busyStep(state);
  return busy === undefined
    ? null
    : `${busy.plan.title} is ${statusWord(busy.status)}. Wait for it or stop it first.`;
}

/** Nothing may be running or half known while something else is set going. */
function forward(state: RunState): string | null {
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

const busyStatuses: ReadonlySet<StepStatus> = new Set([
  'approved',
  'running',
  'undoing',
  'undo-failed',
  'unknown',
]);

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

function refuseTick(state: RunState, command: Of<'tick' | 'untick' | 'pass-by'>): string | null {
  const items = state.started?.runbook.checklist ?? [];
  if (!items.some(({ id }) => id === command.itemId)) {
    return 'The checklist has no such item.';
  }
  const tick = state.checklist[command.itemId];
  if (command.type === 'untick') {
    return refuseUntick(tick);
  }
  return tick === undefined ? null : 'That item is already settled.';
}

function refuseUntick(tick: Tick | undefined): string | null {
  if (tick === undefined) {
    return 'That item is not ticked.';
  }
  return tick.by === 'console' ? 'The run itself proves that item.' : null;
}

function refusePreparation(state: RunState): string | null {
  if (state.phase !== 'preparing') {
    return state.order === null ? 'No rollback has been ordered yet.' : 'Execution has begun.';
  }
  const open = openRequiredItems(state);
  return open.length === 0
    ? null
    : `Still open: ${open.map(({ text }) => text).join('; ')}. Tick each or pass it by with a reason.`;
}

function refusePause(state: RunState): string | null {
  if (state.paused !== null) {
    return 'The run is already paused.';
  }
  return state.phase === 'executing' ? null : 'No steps are being carried out now.';
}

function refuseMode(state: RunState, mode: RunMode): string | null {
  if (state.phase !== 'executing') {
    return 'No steps are being carried out now.';
  }
  if (mode === state.mode) {
    return 'The run is already in that mode.';
  }
  if (mode === 'step') {
    return null;
  }
  return mode === 'unattended' ? (refuseUnattended(state) ?? forward(state)) : forward(state);
}

function refuseUnattended({ started }: RunState): string | null {
  const isDrill = started?.kind === 'drill' && started.environment.tier !== 'production';
  return isDrill ? null : 'Only drills outside production may run unattended.';
}

function refuseClose(state: RunState): string | null {
  if (state.phase === 'completed') {
    return state.watch !== null && state.watch.ended === null
      ? 'The watch is still running. End it first.'
      : null;
  }
  if (state.phase === 'rolled-forward') {
    return null;
  }
  const busy = busyStep(state);
  if (busy !== undefined) {
    return `${busy.plan.title} is ${statusWord(busy.status)}.`;
  }
  const hasTouched = state.steps.some(({ attempt, plan }) => attempt > 0 && plan.risk !== 'read');
  return hasTouched ? 'Steps have changed the target. Finish them or roll forward first.' : null;
}

function hasMessage(state: RunState, messageId: string): boolean {
  return (state.started?.runbook.messages.templates ?? []).some(({ id }) => id === messageId);
}

/** One word for each status, the same on every screen. */
export function statusWord(status: StepStatus): string {
  return statusWords[status];
}

const statusWords = {
  pending: 'waiting',
  approved: 'approved',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  skipped: 'skipped',
  'done-by-hand': 'done by hand',
  unknown: 'unknown',
  undoing: 'being taken back',
  undone: 'taken back',
  'undo-failed': 'not taken back',
} as const satisfies Record<StepStatus, string>;
