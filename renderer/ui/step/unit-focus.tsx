import { titleInUnit } from '../../../shared/plan/per-container.js';
import type { ReactNode } from 'react';
import { formatDuration, formatMeasured } from '../../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../../shared/metrics/time.js';
import { statusWord } from '../../../shared/run/status-words.js';
import type { StepState } from '../../../shared/run/state.js';
import { Card, ScreenTitle } from '../card.js';
import { Command } from '../command.js';
import { StatusWord } from '../status-word.js';
import { ElapsedUnderRow } from './elapsed-bar.js';
import classes from './step.module.css';
import { estimateWords, leavesNothing, statusSigns, statusTones } from './step-words.js';

/** Steps that are approved as one: what each will do, and how far they are. */
export function UnitFocus({
  steps,
  place,
  copyKey,
  onCopy,
}: {
  readonly steps: readonly StepState[];
  /** "Steps 3–6 of 9". */
  readonly place: string;
  readonly copyKey?: string;
  readonly onCopy: (text: string) => Promise<void>;
}): ReactNode {
  const unit = steps[0]?.plan.unit ?? '';
  const estimate = steps.reduce((sum, { plan }) => sum + plan.estimateSeconds, 0);
  const places = [...new Set(steps.map(({ plan }) => plan.where))];
  return (
    <div data-unit={unit}>
      <ScreenTitle
        eyebrow={
          <>
            <b>{place}</b>
            <span>one approval for {steps.length} steps</span>
            <span>where: {places.join(', ')}</span>
            <span>{undoWordsOfAll(steps)}</span>
            <span>estimate {formatDuration(estimate)} in all</span>
          </>
        }
      >
        {nameOf(unit)}: {steps.map(({ plan }) => titleInUnit(plan)).join(' → ')}
      </ScreenTitle>
      <Command
        lines={steps.flatMap(({ plan }) => plan.commands)}
        onCopy={onCopy}
        {...(copyKey === undefined ? {} : { copyKey })}
      />
      <Card>
        <StepParts steps={steps} />
      </Card>
    </div>
  );
}

function undoWordsOfAll(steps: readonly StepState[]): string {
  const changing = steps.filter(({ plan }) => !leavesNothing(plan));
  if (changing.length === 0) {
    return 'nothing to take back';
  }
  return changing.every(({ plan }) => plan.isReversible)
    ? 'each can be taken back'
    : 'not all of it can be taken back';
}

/** Steps as rows: state, what it does, and how long it takes or took. */
export function StepParts({ steps }: { readonly steps: readonly StepState[] }): ReactNode {
  return (
    <ol className={classes['parts']}>
      {steps.map((step) => (
        <Part key={step.plan.id} step={step} />
      ))}
    </ol>
  );
}

function Part({ step }: { readonly step: StepState }): ReactNode {
  const { plan, status } = step;
  return (
    <li className={classes['part']} data-status={status} data-step={plan.id}>
      <StatusWord tone={statusTones[status]} sign={statusSigns[status]}>
        {statusWord(status)}
      </StatusWord>
      <div className={classes['partBody']}>
        <b>{plan.summary}</b>
        {plan.undoText === null ? null : (
          <div className={classes['dim']}>undo: {plan.undoText}</div>
        )}
        {step.summary === '' ? null : <div className={classes['partResult']}>{step.summary}</div>}
      </div>
      <div className={classes['partTime']}>
        <PartTime step={step} />
      </div>
    </li>
  );
}

function PartTime({ step }: { readonly step: StepState }): ReactNode {
  const { plan, status, startedAt, endedAt } = step;
  if (startedAt === null) {
    return estimateWords(plan);
  }
  if (status === 'running') {
    return <ElapsedUnderRow plan={plan} from={startedAt} />;
  }
  return endedAt === null ? '' : formatMeasured(secondsBetween(startedAt, endedAt));
}

function nameOf(unit: string): string {
  return unit.charAt(0).toUpperCase() + unit.slice(1);
}
