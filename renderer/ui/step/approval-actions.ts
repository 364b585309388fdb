import { titleInUnit } from '../../../shared/plan/per-container.js';
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react';
import { isCounted } from '../../../shared/plan/foresight.js';
import { lossToConfirm, replacingSteps } from '../../../shared/run/predicted-loss.js';
import {
  needsAuthority,
  pointOfNoReturn,
  stepsToApprove,
  typingFor,
} from '../../../shared/run/select.js';
import type { RunState, StepState } from '../../../shared/run/state.js';
import type { Action, StageActions } from '../actions/action.js';
import { factsOf } from '../actions/dialog-spec.js';
import type { DialogFact, DialogField } from '../actions/dialog-spec.js';
import {
  byHandAction,
  copyAction,
  noteAction,
  onOffer,
  rollForwardAction,
  skipAction,
  undoAction,
} from './common-actions.js';
import { byItselfActions, continueAction, modeActions, pauseAction } from './mode-actions.js';
import type { StepDesk } from './step-desk.js';
import { riskWords, undoWords } from './step-words.js';

/** What waits for the operator's word: the unit in focus, approved as one. */
export function approvalActions(desk: StepDesk, step: StepState): StageActions {
  const { run } = desk;
  const steps = stepsToApprove(run, step.plan.unit);
  const byHand = byHandAction(desk, step);
  // The ways back stay in sight; what finds no room in the bar is at its end.
  const back = [undoAction(desk), rollForwardAction(desk)];
  const words = [noteAction(desk), copyAction(desk, steps)];
  if (run.paused !== null) {
    const primary = continueAction(desk, true);
    return { primary, others: onOffer([...back, ...words]), then: 'then it waits for you' };
  }
  const going = byItselfActions(desk);
  if (going !== null) {
    return going;
  }
  if (step.plan.isManual && byHand !== null) {
    const primary: Action = {
      ...byHand,
      label: 'Done by hand…',
      key: 'Enter',
      tone: 'primary',
      icon: IconHandStop,
    };
    return {
      primary,
      others: onOffer([...back, skipAction(desk, step), ...words, pauseAction(desk, false)]),
    };
  }
  return {
    primary: approveAction(desk, steps),
    others: onOffer([
      unseenAction(desk, steps),
      ...back,
      skipAction(desk, step),
      byHand,
      ...words,
      ...modeActions(desk),
      pauseAction(desk, false),
    ]),
    then: followsAfter(run, steps),
  };
}

function approveAction(desk: StepDesk, steps: readonly StepState[]): Action | null {
  const { run, send } = desk;
  const [first] = steps;
  if (first === undefined) {
    return null;
  }
  const { unit } = first.plan;
  const typing = typingFor(run, unit);
  const fields = fieldsOf(run, unit);
  const loss = lossToConfirm(run, steps);
  const isAsked = fields.length > 0 || loss.length > 0;
  const label = labelOf(steps);
  return {
    id: `approve-${first.plan.id}-${first.attempt}`,
    label: isAsked ? `${label}…` : label,
    key: 'Enter',
    tone: typing === null ? 'primary' : 'danger',
    icon: IconPlayerPlay,
    refusal: isCounting(desk, steps)
      ? 'What this takes away is still being counted. W approves without knowing it.'
      : null,
    detail: `${riskWords(first.plan)}, ${undoWords(first.plan)}`,
    run: async () => {
      if (!isAsked) {
        return send({ type: 'approve', unit, typed: null, authority: null });
      }
      askToApprove(desk, steps, loss.length === 0 ? [] : await lossNow(desk, steps, loss));
      return undefined;
    },
  };
}

/** Counting may take as long as a large table is; a service that is down need not wait for it. */
function unseenAction(desk: StepDesk, steps: readonly StepState[]): Action | null {
  const [first] = steps;
  return first === undefined || !isCounting(desk, steps)
    ? null
    : {
        id: `approve-unseen-${first.plan.id}`,
        label: 'Approve without knowing the loss…',
        key: 'W',
        tone: 'danger',
        detail: 'Asks at once, with what was known when the target was chosen.',
        run: () => {
          const known = lossToConfirm(desk.run, steps);
          const words =
            'What this takes away is still being counted: it is not known yet. What was known before:';
          askToApprove(desk, steps, factsOf([words, ...known]));
        },
      };
}

/** Whether these steps replace data, and nobody knows yet what that takes away. */
function isCounting({ looking }: StepDesk, steps: readonly StepState[]): boolean {
  return looking !== null && looking === steps[0]?.plan.unit && replacingSteps(steps).length > 0;
}

function askToApprove(
  { run, send, ask }: StepDesk,
  steps: readonly StepState[],
  loss: readonly DialogFact[],
): void {
  const unit = steps[0]?.plan.unit ?? '';
  const label = labelOf(steps);
  ask({
    title: label,
    ...(loss.length === 0 ? {} : { facts: loss }),
    text: textOf(run, unit),
    lines: steps.flatMap(({ plan }) => plan.commands),
    fields: fieldsOf(run, unit),
    confirm: label,
    isDanger: typingFor(run, unit) !== null,
    submit: ({ version, host, authority }) =>
      send({
        type: 'approve',
        unit,
        typed:
          version === undefined || host === undefined
            ? null
            : { version: version.trim(), host: host.trim() },
        authority: authority ?? null,
      }),
  });
}

function fieldsOf(run: RunState, unit: string): readonly DialogField[] {
  return [...authorityFields(run, unit), ...typingFields(typingFor(run, unit))];
}

/**
 * Counted anew for this very approval. Where that was not possible for every step that replaces data, the figures of the decision
 * stand there too, with what they are.
 */
async function lossNow(
  { foresee }: StepDesk,
  steps: readonly StepState[],
  known: readonly string[],
): Promise<readonly DialogFact[]> {
  try {
    const foreseen = await foresee(steps[0]?.plan.unit ?? '');
    const inTheWay = foreseen.flatMap(({ obstacles }) => obstacles);
    const lines = foreseen.flatMap(({ warnings }) => warnings);
    const data = foreseen.filter(({ about }) => about === 'data');
    const isWhole = data.length === replacingSteps(steps).length && isCounted(data);
    return [
      ...inTheWay.map((text) => ({ text, tone: 'bad' as const })),
      ...factsOf(isWhole ? lines : [...lines, ...known]),
    ];
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : '';
    return factsOf([
      `The loss could not be counted anew: ${why}`,
      'What was known before:',
      ...known,
    ]);
  }
}

function textOf(run: RunState, unit: string): string {
  const word = needsAuthority(run, unit)
    ? 'This needs the word of somebody who may order a rollback.'
    : '';
  const grave =
    pointOfNoReturn(run) === null ? 'This replaces what is there.' : 'This cannot be taken back.';
  const typed =
    typingFor(run, unit) === null
      ? ''
      : `${grave} Type the version to go to and the environment it is done on.`;
  return `${word} ${typed}`.trim();
}

function typingFields(
  typing: { readonly version: string; readonly host: string } | null,
): readonly DialogField[] {
  return typing === null
    ? []
    : [
        { kind: 'text', name: 'version', label: 'Version', mustEqual: typing.version },
        { kind: 'text', name: 'host', label: 'Environment', mustEqual: typing.host },
      ];
}

function authorityFields(run: RunState, unit: string): readonly DialogField[] {
  const [first, ...others] = run.started?.runbook.contacts.authority ?? [];
  if (first === undefined || !needsAuthority(run, unit)) {
    return [];
  }
  const choices = [first, ...others].map(({ role, name }) => ({
    value: role,
    label: name === undefined ? role : `${name}, ${role}`,
  }));
  return [
    {
      kind: 'choice',
      name: 'authority',
      label: 'Who gave the word?',
      initial: first.role,
      choices,
    },
  ];
}

const BUTTON_CHARACTERS = 56;

/** The sentence itself where it fits on a button, else the step's name and place. */
function labelOf(steps: readonly StepState[]): string {
  const plans = steps.map(({ plan }) => plan);
  const [first, last] = [plans[0], plans.at(-1)];
  if (first === undefined || last === undefined) {
    return '';
  }
  if (plans.length > 1) {
    return `Start the ${first.unit}: ${titleInUnit(first)} → ${titleInUnit(last)}`;
  }
  return first.summary.length <= BUTTON_CHARACTERS
    ? first.summary
    : `${first.title} (${first.where})`;
}

function followsAfter(run: RunState, steps: readonly StepState[]): string {
  const last = steps.at(-1);
  const next = last === undefined ? undefined : run.steps[run.steps.indexOf(last) + 1];
  return next === undefined ? 'the last one' : `next: ${next.plan.title}`;
}
