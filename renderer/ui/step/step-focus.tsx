import type { ReactNode } from 'react';
import { statusWord } from '../../../shared/run/status-words.js';
import type { StepState } from '../../../shared/run/state.js';
import { Card, ScreenTitle } from '../card.js';
import { Command } from '../command.js';
import { Facts } from '../facts.js';
import type { Fact } from '../facts.js';
import { StatusWord } from '../status-word.js';
import { beforeFacts } from './before-facts.js';
import { ElapsedBar } from './elapsed-bar.js';
import { estimateWords, riskWords, statusSigns, statusTones, undoWords } from './step-words.js';

/** One step in focus: what it will do and where, exactly how, how long, and the way back. */
export function StepFocus({
  step,
  place,
  copyKey,
  onCopy,
}: {
  readonly step: StepState;
  /** "Step 4 of 7". */
  readonly place: string;
  readonly copyKey?: string;
  readonly onCopy: (text: string) => Promise<void>;
}): ReactNode {
  const { plan, status } = step;
  return (
    <div data-step={plan.id} data-status={status}>
      <ScreenTitle
        eyebrow={
          <>
            <b>{place}</b>
            <span>{riskWords(plan)}</span>
            <span>{undoWords(plan)}</span>
            <StatusWord tone={statusTones[status]} sign={statusSigns[status]}>
              {statusWord(status)}
            </StatusWord>
          </>
        }
      >
        {plan.summary}
      </ScreenTitle>
      {plan.commands.length === 0 ? null : (
        <Command
          lines={plan.commands}
          onCopy={onCopy}
          {...(copyKey === undefined ? {} : { copyKey })}
        />
      )}
      <Card>
        <Facts facts={factsOf(step)} />
      </Card>
    </div>
  );
}

function factsOf(step: StepState): readonly Fact[] {
  const { plan, startedAt, endedAt, status, summary } = step;
  const isUnder = status === 'running';
  return [
    {
      name: startedAt === null ? 'Time' : isUnder ? 'So far' : 'Took',
      value:
        startedAt === null ? (
          estimateWords(plan)
        ) : (
          <ElapsedBar plan={plan} from={startedAt} to={isUnder ? null : (endedAt ?? startedAt)} />
        ),
    },
    { name: 'Where', value: plan.where },
    ...changeFacts(step),
    ...(summary === '' ? [] : [{ name: 'Result', value: resultOf(step) }]),
  ];
}

/** What was there, and the way back to it. */
function changeFacts({ plan, before: recorded }: StepState): readonly Fact[] {
  if (plan.risk === 'read') {
    return [{ name: 'Changes', value: 'nothing; it only reads' }];
  }
  const before = beforeFacts(recorded);
  return [
    ...(plan.isManual && before.length === 0
      ? []
      : [{ name: 'Before', value: beforeWords(before) }]),
    { name: 'Undo', value: plan.undoText ?? undoWords(plan) },
  ];
}

function beforeWords(before: readonly string[]): string {
  return before.length === 0 ? 'looked at and written to disk first' : before.join(' · ');
}

function resultOf({ summary, wasAlready }: StepState): string {
  return wasAlready ? `${summary} (it was already so; nothing was touched)` : summary;
}
