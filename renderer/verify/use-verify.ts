import { currentStage } from '../../shared/run/select.js';
import { refusalOf } from '../../shared/run/rules.js';
import type { WatchState } from '../../shared/run/state.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import { goOnAction } from '../ui/go-on.js';
import { noteAction, onOffer, rollForwardAction } from '../ui/step/common-actions.js';
import { stepActions } from '../ui/step/step-actions.js';
import type { StepDesk } from '../ui/step/step-desk.js';

/** The steps' own moves while they are carried out; then the watch's. */
export function verifyActions(desk: StepDesk, expand: Action): StageActions {
  const { run } = desk;
  if (run.phase === 'executing' || run.phase === 'rolling-forward') {
    const actions = stepActions(desk, 'verify');
    return { ...actions, others: [...actions.others, expand] };
  }
  const { watch } = run;
  if (run.phase === 'completed' && watch !== null && watch.ended === null) {
    return watching(desk, watch, expand);
  }
  return {
    primary: goOnAction(currentStage(run), 'verify', desk.openStage),
    others: [...onOffer([rollForwardAction(desk), noteAction(desk)]), expand],
  };
}

function watching(desk: StepDesk, watch: WatchState, expand: Action): StageActions {
  const { run, openStage } = desk;
  return {
    primary: null,
    running: { label: `Watching ${run.target?.version ?? 'the target'}`, since: watch.startedAt },
    others: [
      {
        id: 'tell',
        label: 'Tell people meanwhile',
        key: 'Enter',
        tone: 'normal',
        detail: 'The watch goes on by itself and says when it is over.',
        run: () => {
          openStage('communicate');
        },
      },
      endWatchAction(desk),
      ...onOffer([noteAction(desk), rollForwardAction(desk)]),
      expand,
    ],
    then: 'ends by itself with a verdict',
  };
}

function endWatchAction({ run, ask, send }: StepDesk): Action {
  return {
    id: 'end-watch',
    label: 'End the watch early…',
    key: 'E',
    tone: 'quiet',
    refusal: refusalOf(run, { type: 'end-watch', reason: '-' }),
    run: () => {
      ask({
        title: 'End the watch early',
        text: 'Its verdict is then inconclusive, whatever was seen until now. The target goes on serving.',
        fields: [{ kind: 'textarea', name: 'reason', label: 'Why now?' }],
        confirm: 'End the watch now',
        submit: ({ reason = '' }) => send({ type: 'end-watch', reason: reason.trim() }),
      });
    },
  };
}
