import { assertNever } from '../assert-never.js';
import { AppError } from '../errors/app-error.js';
import type { RunCommand } from './commands.js';
import type { RunEvent } from './events.js';
import { refusalOf } from './rules.js';
import { stepById, stepsToApprove } from './select.js';
import type { StepCommand } from './step-rules.js';
import type { RunState } from './state.js';

/** Turns what the operator wants into what became true. Refuses rather than guesses, and says why. */
export function decide(state: RunState, command: RunCommand): readonly RunEvent[] {
  const refusal = refusalOf(state, command);
  if (refusal !== null) {
    throw new AppError('RUN_COMMAND_REFUSED', refusal);
  }
  const by = state.operator;
  switch (command.type) {
    case 'record-evidence':
      return [{ type: 'evidence.recorded', evidence: command.evidence }];
    case 'fix-forward':
      return [{ type: 'run.closed', outcome: 'abandoned', reason: command.reason, by }];
    case 'tick':
      return [{ type: 'checklist.ticked', itemId: command.itemId, evidence: command.evidence, by }];
    case 'untick':
      return [{ type: 'checklist.unticked', itemId: command.itemId, by }];
    case 'pass-by':
      return [{ type: 'checklist.passed-by', itemId: command.itemId, reason: command.reason, by }];
    case 'complete-preparation':
      return [{ type: 'preparation.completed', by }];
    case 'end-watch':
      return [
        {
          type: 'watch.ended',
          verdict: 'inconclusive',
          reasons: [`Ended early by ${by}: ${command.reason}`],
          endedBy: by,
        },
      ];
    case 'edit-message':
      return [{ type: 'message.edited', messageId: command.messageId, body: command.body }];
    case 'mark-sent': {
      const { messageId, where, body } = command;
      return [{ type: 'message.sent', messageId, where, body, by }];
    }
    case 'pause':
      return [{ type: 'run.paused', by, reason: command.reason }];
    case 'continue':
      return [{ type: 'run.continued', by }];
    case 'choose-mode':
      return [{ type: 'mode.changed', mode: command.mode, by, reason: '' }];
    case 'note':
      return [{ type: 'note.added', text: command.text, by }];
    case 'record-review':
      return [{ type: 'review.recorded', review: command.review }];
    case 'tick-drill-item': {
      const { itemId, isTicked } = command;
      return [{ type: 'drill-item.ticked', itemId, isTicked, by }];
    }
    case 'close':
      return [{ type: 'run.closed', outcome: outcomeOf(state), reason: command.reason, by }];
    default:
      return decideStep(state, command, by);
  }
}

function outcomeOf(state: RunState): 'rolled-back' | 'rolled-forward' | 'abandoned' {
  if (state.phase === 'completed') {
    return 'rolled-back';
  }
  return state.phase === 'rolled-forward' ? 'rolled-forward' : 'abandoned';
}

function decideStep(state: RunState, command: StepCommand, by: string): readonly RunEvent[] {
  switch (command.type) {
    case 'approve':
      return [approval(state, command, by)];
    case 'retry': {
      // A retry is an approval of the rest of the unit: a cutover must not halt half-way for a keypress.
      const unit = stepById(state, command.stepId)?.plan.unit ?? '';
      return [approval(state, { unit, typed: null, authority: null }, by)];
    }
    case 'skip':
      return [{ type: 'step.skipped', stepId: command.stepId, reason: command.reason, by }];
    case 'done-by-hand':
      return [
        { type: 'step.done-by-hand', stepId: command.stepId, evidence: command.evidence, by },
      ];
    case 'stop':
      return [{ type: 'step.stop-requested', stepId: command.stepId, by }];
    case 'keep-waiting':
      return [{ type: 'step.kept-waiting', stepId: command.stepId, by }];
    case 'settle': {
      const { stepId, as, evidence } = command;
      return [{ type: 'step.settled', stepId, as, evidence, by }];
    }
    case 'undo':
    case 'retry-undo':
      return [{ type: 'undo.requested', stepId: command.stepId, by }];
    case 'settle-undo': {
      const { stepId, as, reason } = command;
      return [{ type: 'undo.settled', stepId, as, reason, by }];
    }
    case 'roll-forward':
      return [
        ...endWatch(state, by),
        { type: 'roll-forward.requested', reason: command.reason, by },
      ];
    default:
      return assertNever(command);
  }
}

/** A version that is being taken back is not watched any more. */
function endWatch({ watch }: RunState, by: string): readonly RunEvent[] {
  const reasons = ['The rollback was rolled forward.'];
  return watch === null || watch.ended !== null
    ? []
    : [{ type: 'watch.ended', verdict: 'inconclusive', reasons, endedBy: by }];
}

function approval(
  state: RunState,
  {
    unit,
    typed,
    authority,
  }: Pick<Extract<RunEvent, { type: 'unit.approved' }>, 'unit' | 'typed' | 'authority'>,
  by: string,
): RunEvent {
  const stepIds = stepsToApprove(state, unit).map(({ plan }) => plan.id);
  return { type: 'unit.approved', unit, stepIds, by, typed, authority };
}
