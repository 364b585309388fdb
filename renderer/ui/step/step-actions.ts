import { IconHourglass } from '@tabler/icons-react';
import {
  busyStep,
  currentStage,
  currentStep,
  isGate,
  stepsToUndo,
} from '../../../shared/run/select.js';
import type { RunState, StepState } from '../../../shared/run/state.js';
import type { Action, StageActions } from '../actions/action.js';
import { goOnAction } from '../go-on.js';
import { approvalActions } from './approval-actions.js';
import {
  copyAction,
  noteAction,
  onOffer,
  rollForwardAction,
  stopAction,
  undoAction,
} from './common-actions.js';
import { continueAction, modeLabel, pauseAction, stopModeAction } from './mode-actions.js';
import type { StepDesk } from './step-desk.js';
import { failedActions, undoFailedActions, unknownActions } from './trouble-actions.js';

/**
 * Everything the operator may do with the steps now. `stage` is the screen that asks: steps of another stage
 * are not approved here, the way there is the next action instead.
 */
export function stepActions(desk: StepDesk, stage: 'execute' | 'verify'): StageActions {
  const { run } = desk;
  const step = stepInFocus(run);
  if (step === undefined || (run.phase !== 'executing' && run.phase !== 'rolling-forward')) {
    return {
      primary: goOnAction(currentStage(run), stage, desk.openStage),
      others: onOffer([rollForwardAction(desk), noteAction(desk)]),
    };
  }
  switch (step.status) {
    case 'running':
    case 'undoing':
    case 'approved':
      return busyActions(desk, step);
    case 'unknown':
      return unknownActions(desk, step);
    case 'undo-failed':
      return undoFailedActions(desk, step);
    case 'failed':
      return run.phase === 'rolling-forward' ? goingBack(desk, step) : failedActions(desk, step);
    default:
      if (run.phase === 'rolling-forward') {
        return goingBack(desk, step);
      }
      return step.plan.stage === stage
        ? approvalActions(desk, step)
        : {
            primary: goOnAction(step.plan.stage, stage, desk.openStage),
            others: onOffer([undoAction(desk), rollForwardAction(desk), noteAction(desk)]),
          };
  }
}

/** The step that the screen is about: what is busy or in doubt comes before what waits. */
export function stepInFocus(run: RunState): StepState | undefined {
  const held = run.steps.find(({ status }) => status === 'undo-failed');
  if (run.phase === 'rolling-forward') {
    return busyStep(run) ?? held ?? stepsToUndo(run)[0];
  }
  const unknown = run.steps.find(({ status }) => status === 'unknown');
  return busyStep(run) ?? held ?? unknown ?? currentStep(run);
}

function busyActions(desk: StepDesk, step: StepState): StageActions {
  const { title } = step.plan;
  const isUndoing = step.status === 'undoing';
  return {
    primary: null,
    running: {
      label: isUndoing ? `Taking back “${title}”` : (modeLabel(desk.run) ?? `Running “${title}”`),
      since: isUndoing ? null : step.startedAt,
    },
    others: onOffer([
      stopModeAction(desk),
      continueAction(desk, false),
      keepWaitingAction(desk, step),
      step.status === 'running' ? stopAction(desk, step) : null,
      noteAction(desk),
      pauseAction(desk, true),
      copyAction(desk, [step]),
    ]),
    then: thenWords(desk.run, step),
  };
}

/** Only while the operator is asked about a step that takes too long or says nothing. */
function keepWaitingAction({ send }: StepDesk, { plan, overdue }: StepState): Action | null {
  return overdue === null
    ? null
    : {
        id: `keep-waiting-${plan.id}`,
        label: 'Keep waiting',
        key: 'W',
        tone: 'normal',
        icon: IconHourglass,
        detail: 'The step goes on; you are asked again when it takes as long once more.',
        run: () => send({ type: 'keep-waiting', stepId: plan.id }),
      };
}

function thenWords(run: RunState, step: StepState): string {
  if (run.phase === 'rolling-forward') {
    const [, next] = stepsToUndo(run);
    return next === undefined ? 'the last one' : `then by itself: ${next.plan.title}`;
  }
  const isAhead = ({ plan, status }: StepState): boolean =>
    plan !== step.plan && (status === 'approved' || (run.mode !== 'step' && status === 'pending'));
  const next = run.steps.find(isAhead);
  if (next === undefined) {
    return 'then it waits for you';
  }
  return next.status === 'pending' && isGate(run, next.plan.unit)
    ? `then it stops before “${next.plan.title}”`
    : `then by itself: ${next.plan.title}`;
}

/** Between two undos nothing is asked of the operator. */
function goingBack(desk: StepDesk, step: StepState): StageActions {
  return {
    primary: null,
    running: { label: `Taking back “${step.plan.title}”`, since: null },
    others: [noteAction(desk)],
  };
}
