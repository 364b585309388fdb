import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { count } from '../../../shared/count.js';
import type { RunMode } from '../../../shared/run/events.js';
import type { RunState } from '../../../shared/run/state.js';
import type { Action, StageActions } from '../actions/action.js';
import { noteAction, onOffer } from './common-actions.js';
import { isLegal } from './step-desk.js';
import type { StepDesk } from './step-desk.js';
import { toGate } from './to-gate.js';

const ways = {
  gate: {
    label: 'Run on to the next gate…',
    key: 'G',
    detail: 'Approves what follows by itself and stops where a person is needed.',
    confirm: 'Run on to the next gate',
  },
  unattended: {
    label: 'Run unattended…',
    key: 'Shift+G',
    detail: 'For drills outside production: goes on by itself, and still stops at a gate.',
    confirm: 'Run unattended',
  },
} as const;

/** Letting the run go on by itself. It is shown first what that sets going and where it ends. */
export function modeActions(desk: StepDesk): readonly (Action | null)[] {
  return [modeAction(desk, 'gate'), modeAction(desk, 'unattended')];
}

function modeAction({ run, send, ask }: StepDesk, mode: 'gate' | 'unattended'): Action | null {
  const { steps, gate } = toGate(run);
  if (steps.length === 0 || !isLegal(run, { type: 'choose-mode', mode })) {
    return null;
  }
  const { label, key, detail, confirm } = ways[mode];
  const end = gate === null ? 'It ends with the last step' : `It stops before “${gate.plan.title}”`;
  return {
    id: `mode-${mode}`,
    label,
    key,
    tone: 'quiet',
    icon: IconPlayerTrackNext,
    detail,
    run: () => {
      ask({
        title: confirm,
        text: `Starts ${count(steps.length, 'step')} one after the other without asking in between. ${end}. When something fails, or you press P, nothing more is started.`,
        lines: steps.map(({ plan }) => plan.summary),
        fields: [],
        confirm,
        submit: () => send({ type: 'choose-mode', mode }),
      });
    },
  };
}

const modeLabels = {
  step: null,
  gate: 'Running by itself to the next gate',
  unattended: 'Running unattended',
} as const satisfies Record<RunMode, string | null>;

/** Null while the operator approves each step. */
export function modeLabel({ mode }: RunState): string | null {
  return modeLabels[mode];
}

/** One press, no question: it is for the moment in which something looks wrong. */
export function stopModeAction({ run, send }: StepDesk): Action | null {
  return run.mode === 'step' || !isLegal(run, { type: 'pause', reason: '' })
    ? null
    : {
        id: 'pause-now',
        label: 'Pause',
        key: 'P',
        tone: 'normal',
        icon: IconPlayerPause,
        detail: 'Starts nothing more. What has been approved runs to its end.',
        run: () => send({ type: 'pause', reason: '' }),
      };
}

/** While nothing runs it has no button: nothing is started anyhow. Its key and the palette have it. */
export function pauseAction({ run, send, ask }: StepDesk, isInBar: boolean): Action | null {
  return run.mode !== 'step' || !isLegal(run, { type: 'pause', reason: '' })
    ? null
    : {
        id: 'pause',
        label: 'Pause…',
        key: 'P',
        tone: 'quiet',
        isInBar,
        icon: IconPlayerPause,
        detail: 'Holds the run: nothing can be approved until somebody continues it.',
        run: () => {
          ask({
            title: 'Pause the run',
            text: 'Nothing can be approved until somebody continues it. What has been approved runs to its end.',
            fields: [
              {
                kind: 'textarea',
                name: 'reason',
                label: 'Why? (may stay empty)',
                isOptional: true,
              },
            ],
            confirm: 'Pause the run',
            submit: ({ reason = '' }) => send({ type: 'pause', reason: reason.trim() }),
          });
        },
      };
}

export function continueAction({ run, send }: StepDesk, isPrimary: boolean): Action | null {
  return isLegal(run, { type: 'continue' })
    ? {
        id: 'continue-paused',
        label: 'Continue',
        key: isPrimary ? 'Enter' : 'P',
        tone: isPrimary ? 'primary' : 'normal',
        icon: IconPlayerPlay,
        detail: 'Steps can be approved again. Nothing is started by it.',
        run: () => send({ type: 'continue' }),
      }
    : null;
}

/** Between two steps of a run that goes on by itself nothing is asked of the operator. */
export function byItselfActions(desk: StepDesk): StageActions | null {
  const label = modeLabel(desk.run);
  if (label === null || toGate(desk.run).steps.length === 0) {
    return null;
  }
  return {
    primary: null,
    running: { label, since: null },
    others: onOffer([stopModeAction(desk), noteAction(desk)]),
  };
}
