import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { RunRecord } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import { count, formatTime } from '../text/format.js';
import { Card } from '../ui/card.js';
import { KeyHint } from '../ui/key-hint.js';
import { timelineRows } from './timeline-rows.js';
import classes from './timeline-card.module.css';

/** What happened, in order, in sentences. */
export function TimelineCard({
  records,
  run,
  isWhole,
}: {
  readonly records: readonly RunRecord[];
  readonly run: RunState;
  readonly isWhole: boolean;
}): ReactNode {
  const rows = useMemo(() => timelineRows(records, run, isWhole), [records, run, isWhole]);
  // A long journal comes in pieces, the newest first.
  const earlier = records[0]?.seq ?? 0;
  const left = records.length - rows.length;
  return (
    <Card
      title="Timeline"
      aside={
        <>
          <KeyHint name="T" /> {isWhole ? 'leave out the routine' : `${left} routine records more`}
        </>
      }
    >
      {earlier === 0 ? null : <Earlier records={earlier} />}
      <ol className={classes['list']}>
        {rows.map(({ seq, at, text, tone, isAfterGap }) => (
          <li key={seq} data-is-after-gap={isAfterGap}>
            <span className={classes['time']}>{formatTime(at)}</span>
            <span className={classes['dot']} data-tone={tone} aria-hidden />
            <span className={classes['text']}>{text}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Earlier({ records }: { readonly records: number }): ReactNode {
  return (
    <p className={classes['earlier']}>
      {count(records, 'earlier record')} of this long run: <KeyHint name="B" /> shows some more.
    </p>
  );
}
