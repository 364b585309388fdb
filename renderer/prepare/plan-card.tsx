import type { ReactNode } from 'react';
import type { PlannedStep } from '../../shared/plan/planned-step.js';
import { pointOfNoReturn } from '../../shared/plan/planner.js';
import type { Procedure } from '../../shared/runbook/schema.js';
import { formatDuration } from '../../shared/metrics/format-duration.js';
import { count } from '../text/format.js';
import { Card } from '../ui/card.js';
import { KeyHint } from '../ui/key-hint.js';
import { estimatedSeconds } from './plan-rows.js';
import { PlanTable } from './plan-table.js';
import classes from './plan-table.module.css';

export function PlanCard({
  procedure,
  steps,
  open,
  onToggle,
  onCopy,
}: {
  readonly procedure: Procedure;
  readonly steps: readonly PlannedStep[];
  readonly open: ReadonlySet<string>;
  readonly onToggle: (stepId: string) => void;
  readonly onCopy: (text: string) => Promise<void>;
}): ReactNode {
  const { from, to } = procedure.estimateSeconds;
  return (
    <Card
      title={`Plan: ${procedure.title}, ${count(steps.length, 'step')}`}
      aside={
        <>
          <KeyHint name="X" /> commands · <KeyHint name="Y" /> copy the plan
        </>
      }
    >
      <PlanTable steps={steps} open={open} onToggle={onToggle} onCopy={onCopy} />
      <div className={classes['sum']}>
        <span>
          {pointOfNoReturn(steps) === null
            ? 'Every step can be undone.'
            : 'Not every step can be undone: mind the line.'}
        </span>
        <span>
          At most {formatDuration(estimatedSeconds(steps))} by the steps’ estimates; the runbook
          says {formatDuration(from)} to {formatDuration(to)}.
        </span>
      </div>
    </Card>
  );
}
