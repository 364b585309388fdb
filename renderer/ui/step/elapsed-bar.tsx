import type { ReactNode } from 'react';
import { formatDuration, formatMeasured } from '../../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../../shared/metrics/time.js';
import type { PlannedStep } from '../../../shared/plan/planned-step.js';
import type { Moment } from '../../../shared/run/state.js';
import { useNow } from '../now.js';
import classes from './step.module.css';

/** The same in the width of a column, with the bar laid under the row it stands in: nothing moves when it begins. */
export function ElapsedUnderRow({
  plan,
  from,
}: {
  readonly plan: PlannedStep;
  readonly from: Moment;
}): ReactNode {
  const seconds = secondsBetween(from, useNow());
  const full = Math.max(plan.estimateSeconds * 1.6, seconds);
  return (
    <>
      <span className={classes['elapsed']}>{formatDuration(seconds)}</span> of ~
      {formatDuration(Math.max(1, plan.estimateSeconds))}
      {seconds > plan.deadlineSeconds ? (
        <span className={classes['overdue']}> too long</span>
      ) : null}
      <i className={classes['under']} style={{ width: `${(seconds / full) * 100}%` }} aria-hidden />
    </>
  );
}

/** Time taken against the estimate. The mark is the estimate; past it the bar simply goes on. */
export function ElapsedBar({
  plan,
  from,
  to,
}: {
  readonly plan: PlannedStep;
  readonly from: Moment;
  readonly to: Moment | null;
}): ReactNode {
  const now = useNow();
  const seconds = secondsBetween(from, to ?? now);
  const full = Math.max(plan.estimateSeconds * 1.6, seconds);
  const isOverdue = to === null && seconds > plan.deadlineSeconds;
  return (
    <div>
      <span className={classes['elapsed']}>
        {to === null ? formatDuration(seconds) : formatMeasured(seconds)}
      </span>{' '}
      <span className={classes['dim']}>
        · estimate {formatDuration(Math.max(1, plan.estimateSeconds))}
      </span>
      <div className={classes['bar']} aria-hidden>
        <i style={{ width: `${(seconds / full) * 100}%` }} />
        <u style={{ left: `${(plan.estimateSeconds / full) * 100}%` }} />
      </div>
      {isOverdue ? (
        <div className={classes['overdue']} role="status">
          longer than the {formatDuration(plan.deadlineSeconds)} it should take at most
        </div>
      ) : null}
    </div>
  );
}
