import type { ReactNode } from 'react';
import { formatMeasured } from '../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import { statusWord } from '../../shared/run/status-words.js';
import type { StepState } from '../../shared/run/state.js';
import { Command } from '../ui/command.js';
import { Facts } from '../ui/facts.js';
import { StatusWord } from '../ui/status-word.js';
import { estimateWords, statusSigns, statusTones } from '../ui/step/step-words.js';
import classes from './check-list.module.css';

type Disclosure = {
  readonly open: ReadonlySet<string>;
  readonly onToggle: (stepId: string) => void;
  readonly onCopy: (text: string) => Promise<void>;
};

/** The verification steps: state and result at a glance, the evidence on expanding. */
export function CheckList({
  steps,
  ...disclosure
}: { readonly steps: readonly StepState[] } & Disclosure): ReactNode {
  return (
    <ul className={classes['list']}>
      {steps.map((step) => (
        <Check key={step.plan.id} step={step} {...disclosure} />
      ))}
    </ul>
  );
}

function Check({
  step,
  open,
  onToggle,
  onCopy,
}: { readonly step: StepState } & Disclosure): ReactNode {
  const { plan, status, summary, error } = step;
  const isOpen = open.has(plan.id);
  return (
    <li className={classes['item']} data-step={plan.id} data-status={status}>
      <button
        type="button"
        className={classes['head']}
        aria-expanded={isOpen}
        onClick={() => {
          onToggle(plan.id);
        }}
      >
        <StatusWord tone={statusTones[status]} sign={statusSigns[status]}>
          {statusWord(status)}
        </StatusWord>
        <span>
          <b>{plan.title}</b>{' '}
          <span className={classes['dim']}>
            {error === null ? summary || plan.summary : error.message}
          </span>
        </span>
        <span className={classes['dim']}>{timeOf(step)}</span>
      </button>
      {isOpen ? (
        <div className={classes['evidence']}>
          {plan.commands.length === 0 ? null : <Command lines={plan.commands} onCopy={onCopy} />}
          <Facts facts={evidenceOf(step)} />
        </div>
      ) : null}
    </li>
  );
}

function timeOf({ startedAt, endedAt, plan, status }: StepState): string {
  if (startedAt === null || endedAt === null || status === 'running') {
    return estimateWords(plan);
  }
  return formatMeasured(secondsBetween(startedAt, endedAt));
}

function evidenceOf({ plan, summary, error, attempt, looked }: StepState) {
  return [
    { name: 'Question', value: plan.summary },
    { name: 'Where', value: plan.where },
    {
      name: 'Answer',
      value: error === null ? summary || 'not asked yet' : <code>{error.message}</code>,
    },
    ...(attempt > 1 ? [{ name: 'Tried', value: `${attempt} times` }] : []),
    ...(looked === null ? [] : [{ name: 'Looked', value: looked.facts }]),
  ];
}
