import type { ReactNode } from 'react';
import { formatDuration } from '../../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../../shared/metrics/time.js';
import type { Moment, StepState } from '../../../shared/run/state.js';
import { formatTime } from '../../text/format.js';
import { Card } from '../card.js';
import { useNow } from '../now.js';
import type { Move } from './moves.js';
import { Moves } from './moves.js';
import classes from './step.module.css';

/** A step that takes too long or says nothing: what is so, that nothing was ended, and the moves. */
export function OverdueCard({
  step,
  moves,
}: {
  readonly step: StepState;
  readonly moves: readonly Move[];
}): ReactNode {
  const { plan, overdue, startedAt, status } = step;
  if (overdue === null || status !== 'running' || startedAt === null) {
    return null;
  }
  return (
    <Card
      tone="warn"
      title={
        overdue.what === 'deadline' ? (
          <>
            {plan.title} has run for <Running from={startedAt} />, longer than it should (
            {formatDuration(plan.deadlineSeconds)})
          </>
        ) : (
          `${plan.title} had said nothing for ${formatDuration(overdue.seconds)} at ${formatTime(overdue.at.at)}`
        )
      }
    >
      <div className={classes['dim']}>
        Nothing was ended. To take everything back, stop it first: roll forward is offered then.
      </div>
      <Moves moves={moves.filter(({ key }) => key !== 'P')} />
    </Card>
  );
}

function Running({ from }: { readonly from: Moment }): ReactNode {
  return formatDuration(secondsBetween(from, useNow()));
}
