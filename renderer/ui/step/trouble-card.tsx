import type { ReactNode } from 'react';
import { times } from '../../../shared/count.js';
import { errorTexts, isErrorCode } from '../../../shared/errors/error-texts.js';
import type { StepState } from '../../../shared/run/state.js';
import { Card } from '../card.js';
import { Facts } from '../facts.js';
import type { Fact } from '../facts.js';
import type { Move } from './moves.js';
import { Moves } from './moves.js';

/** A step that failed, or whose outcome nobody knows: what is known, what is not, and what may be done. */
export function TroubleCard({
  step,
  moves,
}: {
  readonly step: StepState;
  /** The legal moves in words, the safest first. They are the buttons of the action bar. */
  readonly moves: readonly Move[];
}): ReactNode {
  const { status } = step;
  return (
    <Card tone={status === 'unknown' ? 'warn' : 'bad'} title={titleOf(step)}>
      <Facts facts={status === 'unknown' ? unknownFacts(step) : failedFacts(step)} />
      <Moves moves={moves} />
    </Card>
  );
}

function titleOf({ status, plan }: StepState): string {
  switch (status) {
    case 'unknown':
      return `${plan.title}: the outcome is unknown`;
    case 'undo-failed':
      return `${plan.title} could not be taken back`;
    default:
      return `${plan.title} failed`;
  }
}

function unknownFacts({ looked, summary, plan }: StepState): readonly Fact[] {
  return [
    { name: 'Known', value: `It was started. ${summary}` },
    {
      name: 'Not known',
      value: `Whether ${plan.where} carried it out: before, during or after, the answer never came.`,
    },
    {
      name: 'Looked',
      value:
        looked === null
          ? 'Not looked yet. Looking changes nothing.'
          : `${lookedWords(looked.isDone)} ${looked.facts}`,
    },
  ];
}

function lookedWords(isDone: boolean | null): string {
  if (isDone === null) {
    return 'It could not be seen, so it is still unknown.';
  }
  return isDone ? 'It is done.' : 'It is not done.';
}

function failedFacts({ error, attempt, plan }: StepState): readonly Fact[] {
  const text =
    error !== null && isErrorCode(error.code) ? errorTexts[error.code] : errorTexts.INTERNAL;
  return [
    { name: 'Happened', value: text.happened },
    ...(error === null || error.message === text.happened
      ? []
      : [{ name: 'Exactly', value: <code>{error.message}</code> }]),
    { name: 'Not happened', value: text.untouched },
    { name: 'What to do', value: text.todo },
    {
      name: 'Tried',
      value: `${times(attempt)}${plan.repeatable ? '' : '; this step is not repeated without looking first'}`,
    },
  ];
}
