import {
  IconArrowBackUp,
  IconChevronsUp,
  IconCopy,
  IconHandStop,
  IconNote,
  IconPlayerSkipForward,
  IconPlayerStop,
} from '@tabler/icons-react';
import { undoLossWords } from '../../../shared/run/predicted-loss.js';
import { newestUndoable, stepsToUndo } from '../../../shared/run/select.js';
import type { StepState } from '../../../shared/run/state.js';
import type { Action } from '../actions/action.js';
import { factsOf } from '../actions/dialog-spec.js';
import { isLegal } from './step-desk.js';
import type { StepDesk } from './step-desk.js';

/** A list without what is not legal now. */
type Maybe = Action | null;
export function onOffer(actions: readonly Maybe[]): readonly Action[] {
  return actions.filter((action) => action !== null);
}

export function noteAction({ send, ask }: StepDesk): Action {
  return {
    id: 'note',
    label: 'Note…',
    key: 'N',
    tone: 'quiet',
    icon: IconNote,
    run: () => {
      ask({
        title: 'Add a note',
        text: 'It goes into the journal with the time and your name.',
        fields: [{ kind: 'textarea', name: 'text', label: 'Note' }],
        confirm: 'Add the note',
        submit: ({ text = '' }) => send({ type: 'note', text: text.trim() }),
      });
    },
  };
}

/** Listed and bound, but shown beside the command itself. */
export function copyAction({ copy }: StepDesk, steps: readonly StepState[]): Maybe {
  const lines = steps.flatMap(({ plan }) => plan.commands);
  return lines.length === 0
    ? null
    : {
        id: 'copy-command',
        label: 'Copy the command',
        key: 'C',
        tone: 'quiet',
        icon: IconCopy,
        isInBar: false,
        run: () => copy(lines.join('\n')),
      };
}

export function skipAction({ run, send, ask }: StepDesk, { plan }: StepState): Maybe {
  const stepId = plan.id;
  if (!isLegal(run, { type: 'skip', stepId, reason: '-' })) {
    return null;
  }
  return {
    id: `skip-${stepId}`,
    label: 'Skip…',
    key: 'S',
    tone: 'normal',
    icon: IconPlayerSkipForward,
    detail: 'Leaves it undone and goes on. Needs a reason.',
    run: () => {
      ask({
        title: `Skip “${plan.title}”`,
        text: 'The step is not carried out and the run goes on to the next one.',
        lines: plan.commands,
        fields: [{ kind: 'textarea', name: 'reason', label: 'Why is it skipped?' }],
        confirm: `Skip “${plan.title}”`,
        submit: ({ reason = '' }) => send({ type: 'skip', stepId, reason: reason.trim() }),
      });
    },
  };
}

export function byHandAction({ run, send, ask }: StepDesk, { plan }: StepState): Maybe {
  const stepId = plan.id;
  if (!isLegal(run, { type: 'done-by-hand', stepId, evidence: '-' })) {
    return null;
  }
  return {
    id: `by-hand-${stepId}`,
    label: 'Done by hand…',
    key: 'D',
    tone: 'normal',
    icon: IconHandStop,
    detail: 'You did it yourself, outside the console. Needs what shows that it is done.',
    run: () => {
      ask({
        title: `“${plan.title}” was done by hand`,
        text: 'The console does nothing. It cannot take back what it did not do.',
        lines: plan.commands,
        fields: [{ kind: 'textarea', name: 'evidence', label: 'What shows that it is done?' }],
        confirm: 'Record it as done by hand',
        submit: ({ evidence = '' }) =>
          send({ type: 'done-by-hand', stepId, evidence: evidence.trim() }),
      });
    },
  };
}

const NOTHING_TO_UNDO = 'Nothing on the target is changed by it: the step then counts as undone.';

export function undoAction({ run, send, ask, foreseeUndo }: StepDesk): Maybe {
  const newest = newestUndoable(run);
  if (newest === undefined || !isLegal(run, { type: 'undo', stepId: newest.plan.id })) {
    return null;
  }
  const { id: stepId, title, undoText } = newest.plan;
  return {
    id: `undo-${stepId}`,
    label: `Undo “${title}”…`,
    key: 'U',
    tone: 'normal',
    icon: IconArrowBackUp,
    detail: undoText ?? NOTHING_TO_UNDO,
    run: async () => {
      const known = undoLossWords(run, [newest]);
      const loss = known.length === 0 ? known : await foreseeUndo(stepId).catch(() => known);
      ask({
        title: `Undo “${title}”`,
        ...(loss.length === 0 ? {} : { facts: factsOf(loss) }),
        text: undoText ?? NOTHING_TO_UNDO,
        isDanger: loss.length > 0,
        fields: [],
        confirm: `Undo “${title}”`,
        submit: () => send({ type: 'undo', stepId }),
      });
    },
  };
}

export function rollForwardAction(
  { run, send, ask, foreseeUndo }: StepDesk,
  tone: 'normal' | 'quiet' = 'quiet',
): Maybe {
  const steps = stepsToUndo(run);
  if (steps.length === 0 || !isLegal(run, { type: 'roll-forward', reason: '-' })) {
    return null;
  }
  return {
    id: 'roll-forward',
    label: 'Roll forward…',
    key: 'Shift+R',
    tone,
    icon: IconChevronsUp,
    detail: `Takes back every step, newest first, until ${run.from?.version ?? 'what was there'} serves again.`,
    run: async () => {
      const known = undoLossWords(run, steps);
      const loss = known.length === 0 ? known : await foreseeUndo(null).catch(() => known);
      ask({
        title: 'Roll forward: take everything back',
        ...(loss.length === 0 ? {} : { facts: factsOf(loss) }),
        text: `${run.from?.version ?? 'The version from before'} will serve again. Newest first:`,
        lines: steps.map(({ plan }) => `${plan.title}: ${plan.undoText ?? 'nothing to take back'}`),
        fields: [{ kind: 'textarea', name: 'reason', label: 'Why?' }],
        confirm: 'Take everything back',
        isDanger: true,
        submit: ({ reason = '' }) => send({ type: 'roll-forward', reason: reason.trim() }),
      });
    },
  };
}

export function stopAction({ send }: StepDesk, { plan, isStopRequested }: StepState): Action {
  return {
    id: `stop-${plan.id}`,
    label: isStopRequested ? 'Stopping…' : `Stop “${plan.title}”`,
    key: 'Shift+K',
    tone: 'danger',
    icon: IconPlayerStop,
    refusal: isStopRequested ? 'Stopping has been asked for; waiting for the other side.' : null,
    detail: 'Ends the step where it is. What it did until then is looked at, not guessed.',
    run: () => send({ type: 'stop', stepId: plan.id }),
  };
}
