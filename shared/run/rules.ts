import type { RunCommand, RunCommandType } from './commands.js';
import { busyStep, openRequiredItems } from './select.js';
import { forward, refuseStepCommand } from './step-rules.js';
import { statusWord } from './status-words.js';
import type { RunMode } from './events.js';
import type { RunState, Tick } from './state.js';

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
