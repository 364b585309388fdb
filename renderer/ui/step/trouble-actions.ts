import {
  IconCheck,
  IconEye,
  IconHandStop,
  IconPlayerSkipForward,
  IconRefresh,
  IconX,
} from '@tabler/icons-react';
import type { StepState } from '../../../shared/run/state.js';
import type { Action, StageActions } from '../actions/action.js';
import {
  byHandAction,
  copyAction,
  noteAction,
  onOffer,
  rollForwardAction,
  skipAction,
  undoAction,
} from './common-actions.js';
import { continueAction } from './mode-actions.js';
import { isLegal } from './step-desk.js';
import type { StepDesk } from './step-desk.js';

/** After a failure: the safest first. Nothing goes on by itself. */
export function failedActions(desk: StepDesk, step: StepState): StageActions {
  const { id: stepId, title, repeatable } = step.plan;
  // Where a second try of the same can only fail again, Enter must not lead into it.
  const isHopeless = step.error?.retryable === false;
  const back = rollForwardAction(desk, 'normal');
  const way = isHopeless ? back : null;
  const retry: Action = {
    id: `retry-${stepId}-${step.attempt}`,
    label: `Retry “${title}”`,
    key: way === null ? 'Enter' : 'R',
    tone: way === null ? 'primary' : 'quiet',
    icon: IconRefresh,
    detail: repeatable
      ? 'Safe to repeat: it ends in the same state. Undo still restores what was there at first.'
      : 'Looks first, and acts only if it is not done yet.',
    run: () => desk.send({ type: 'retry', stepId }),
  };
  const legalRetry = isLegal(desk.run, { type: 'retry', stepId }) ? retry : null;
  return {
    primary:
      way === null
        ? (legalRetry ?? continueAction(desk, true))
        : { ...way, key: 'Enter', tone: 'primary' },
    others: onOffer([
      // Back to what served before is never worse than what is here now; passing the failure by may be.
      way === null ? back : null,
      undoAction(desk),
      byHandAction(desk, step),
      skipAction(desk, step),
      way === null ? null : legalRetry,
      noteAction(desk),
      copyAction(desk, [step]),
    ]),
  };
}

/** Nobody knows whether it was carried out: look before anything, then say what is true. */
export function unknownActions(desk: StepDesk, step: StepState): StageActions {
  const { id: stepId, title } = step.plan;
  const seen = step.looked?.isDone ?? null;
  const look: Action = {
    id: `look-${stepId}`,
    label: step.looked === null ? `Look at “${title}”` : 'Look again',
    key: seen === null ? 'Enter' : 'L',
    tone: seen === null ? 'primary' : 'normal',
    icon: IconEye,
    detail: 'Only reads. Changes nothing.',
    run: () => desk.look(stepId),
  };
  const done = settleAction(desk, step, 'done', seen === true);
  const notDone = settleAction(desk, step, 'not-done', seen === false);
  const primary = seen === null ? look : seen ? done : notDone;
  return {
    primary,
    others: onOffer([
      ...[look, done, notDone].filter((action) => action !== primary),
      isLegal(desk.run, { type: 'settle', stepId, as: 'by-hand', evidence: '-' })
        ? settleAction(desk, step, 'by-hand', false)
        : null,
      rollForwardAction(desk),
      noteAction(desk),
      copyAction(desk, [step]),
    ]),
  };
}

const settleTexts = {
  done: {
    label: 'It is done',
    key: 'Y',
    icon: IconCheck,
    detail: 'It counts as done, and the run waits for the next approval.',
    question: 'What shows that it is done?',
  },
  'not-done': {
    label: 'It is not done: offer it again',
    key: 'X',
    icon: IconX,
    detail: 'It waits for approval again. Nothing is run by saying so.',
    question: 'What shows that it is not done?',
  },
  'by-hand': {
    label: 'I settled it by hand…',
    key: 'D',
    icon: IconHandStop,
    detail: 'You brought it to its end yourself. Needs what shows that it is done.',
    question: 'What did you do, and what shows that it is done?',
  },
} as const;

/** What the look has shown is taken over as it is; anything else is asked for in words. */
function settleAction(
  { send, ask }: StepDesk,
  step: StepState,
  as: keyof typeof settleTexts,
  isSeen: boolean,
): Action {
  const { id: stepId, title } = step.plan;
  const { label, key, icon, detail, question } = settleTexts[as];
  return {
    id: `settle-${as}-${stepId}`,
    label: isSeen ? label : label.replace(/…?$/, '…'),
    key: isSeen ? 'Enter' : key,
    tone: isSeen ? 'primary' : 'normal',
    icon,
    detail,
    run: () => {
      if (isSeen) {
        return send({ type: 'settle', stepId, as, evidence: step.looked?.facts ?? '' });
      }
      ask({
        title: `“${title}”: ${label.replace('…', '')}`,
        text: detail,
        fields: [{ kind: 'textarea', name: 'evidence', label: question }],
        confirm: 'Record it',
        submit: ({ evidence = '' }) =>
          send({ type: 'settle', stepId, as, evidence: evidence.trim() }),
      });
      return undefined;
    },
  };
}

/** An undo that failed holds everything until it is repeated, settled by hand, or passed by. */
export function undoFailedActions(desk: StepDesk, step: StepState): StageActions {
  const { id: stepId, title } = step.plan;
  const settle = (
    as: 'by-hand' | 'passed-by',
    label: string,
    key: string,
    detail: string,
  ): Action => ({
    id: `settle-undo-${as}-${stepId}`,
    label: `${label}…`,
    key,
    tone: as === 'passed-by' ? 'danger' : 'normal',
    icon: as === 'passed-by' ? IconPlayerSkipForward : IconHandStop,
    detail,
    run: () => {
      desk.ask({
        title: `“${title}”: ${label.toLowerCase()}`,
        text: detail,
        fields: [{ kind: 'textarea', name: 'reason', label: 'What was done, or why not?' }],
        confirm: 'Record it',
        isDanger: as === 'passed-by',
        submit: ({ reason = '' }) =>
          desk.send({ type: 'settle-undo', stepId, as, reason: reason.trim() }),
      });
    },
  });
  return {
    primary: {
      id: `retry-undo-${stepId}`,
      label: `Try again to take back “${title}”`,
      key: 'Enter',
      tone: 'primary',
      icon: IconRefresh,
      detail: 'Safe to repeat: it restores what the journal has on record.',
      run: () => desk.send({ type: 'retry-undo', stepId }),
    },
    others: onOffer([
      settle('by-hand', 'Taken back by hand', 'D', 'You restored it yourself. The rest goes on.'),
      settle(
        'passed-by',
        'Pass it by',
        'S',
        'It stays as it is and the rest is taken back. What follows may rest on a state that is not restored.',
      ),
      noteAction(desk),
    ]),
  };
}
