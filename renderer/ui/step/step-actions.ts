import { IconPlayerPlay } from '@tabler/icons-react';
import {
  busyStep,
  currentStage,
  currentStep,
  stepsToApprove,
  stepsToUndo,
  typingFor,
} from '../../../shared/run/select.js';
import type { RunState, StepState } from '../../../shared/run/state.js';
import type { Action, StageActions } from '../actions/action.js';
import { goOnAction } from '../go-on.js';
import {
  byHandAction,
  copyAction,
  noteAction,
  onOffer,
  rollForwardAction,
  skipAction,
  stopAction,
  undoAction,
} from './common-actions.js';
import type { StepDesk } from './step-desk.js';
import { riskWords, undoWords } from './step-words.js';
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
      label: isUndoing ? `Taking back “${title}”` : `Running “${title}”`,
      since: isUndoing ? null : step.startedAt,
    },
    others: onOffer([
      step.status === 'running' ? stopAction(desk, step) : null,
      noteAction(desk),
      copyAction(desk, [step]),
    ]),
    then: thenWords(desk.run, step),
  };
}

function thenWords(run: RunState, step: StepState): string {
  if (run.phase === 'rolling-forward') {
    const [, next] = stepsToUndo(run);
    return next === undefined ? 'the last one' : `then by itself: ${next.plan.title}`;
  }
  const next = run.steps.find(({ plan, status }) => status === 'approved' && plan !== step.plan);
  return next === undefined ? 'then it waits for you' : `then by itself: ${next.plan.title}`;
}

/** Between two undos nothing is asked of the operator. */
function goingBack(desk: StepDesk, step: StepState): StageActions {
  return {
    primary: null,
    running: { label: `Taking back “${step.plan.title}”`, since: null },
    others: [noteAction(desk)],
  };
}

function approvalActions(desk: StepDesk, step: StepState): StageActions {
  const steps = stepsToApprove(desk.run, step.plan.unit);
  return {
    primary: approveAction(desk, steps),
    others: onOffer([
      skipAction(desk, step),
      byHandAction(desk, step),
      undoAction(desk),
      noteAction(desk),
      rollForwardAction(desk),
      copyAction(desk, steps),
    ]),
    then: followsAfter(desk.run, steps),
  };
}

function approveAction({ run, send, ask }: StepDesk, steps: readonly StepState[]): Action | null {
  const [first] = steps;
  if (first === undefined) {
    return null;
  }
  const { unit } = first.plan;
  const titles = steps.map(({ plan }) => plan.title);
  const label =
    steps.length === 1
      ? shortOf(first.plan)
      : `Start the ${unit}: ${first.plan.title} → ${titles.at(-1) ?? ''}`;
  const typing = typingFor(run, unit);
  return {
    id: `approve-${first.plan.id}-${first.attempt}`,
    label: typing === null ? label : `${label}…`,
    key: 'Enter',
    tone: typing === null ? 'primary' : 'danger',
    icon: IconPlayerPlay,
    detail: `${riskWords(first.plan)}, ${undoWords(first.plan)}`,
    run: () => {
      if (typing === null) {
        return send({ type: 'approve', unit, typed: null, authority: null });
      }
      ask({
        title: label,
        text: 'This cannot be taken back. Type the version to go to and the environment it is done on.',
        lines: steps.flatMap(({ plan }) => plan.commands),
        fields: [
          { kind: 'text', name: 'version', label: 'Version', mustEqual: typing.version },
          { kind: 'text', name: 'host', label: 'Environment', mustEqual: typing.host },
        ],
        confirm: label,
        isDanger: true,
        submit: ({ version = '', host = '' }) =>
          send({
            type: 'approve',
            unit,
            typed: { version: version.trim(), host: host.trim() },
            authority: null,
          }),
      });
      return undefined;
    },
  };
}

const BUTTON_CHARACTERS = 56;

/** The sentence itself where it fits on a button, else the step's name and place. */
function shortOf({ summary, title, where }: StepState['plan']): string {
  return summary.length <= BUTTON_CHARACTERS ? summary : `${title} (${where})`;
}

function followsAfter(run: RunState, steps: readonly StepState[]): string {
  const last = steps.at(-1);
  const next = last === undefined ? undefined : run.steps[run.steps.indexOf(last) + 1];
  return next === undefined ? 'the last one' : `next: ${next.plan.title}`;
}
