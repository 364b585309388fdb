import type { ReactNode } from 'react';
import { formatDuration, formatMeasured } from '../../shared/metrics/format-duration.js';
import type { RunState } from '../../shared/run/state.js';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { useNow } from '../ui/now.js';
import classes from './waterfall-card.module.css';
import { waterfall } from './waterfall-rows.js';
import type { WaterfallRow } from './waterfall-rows.js';

/** Where the time went: each step against its estimate, and the waiting in between. */
export function WaterfallCard({ run }: { readonly run: RunState }): ReactNode {
  const now = useNow();
  const drawn = waterfall(run, now);
  if (drawn === null) {
    return (
      <Card title="Where the time went">
        <EmptyState title="No step has been started" />
      </Card>
    );
  }
  return (
    <Card
      title="Where the time went"
      aside={`${formatMeasured(drawn.seconds)} from the order to the last step · dashed: estimate`}
    >
      {drawn.rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </Card>
  );
}

function Row({ row }: { readonly row: WaterfallRow }): ReactNode {
  const isOver = row.seconds > row.estimateSeconds;
  const left = `${row.left * 100}%`;
  return (
    <div className={classes['row']}>
      <span className={classes['name']}>{row.title}</span>
      <span className={classes['lane']} aria-hidden>
        <i className={classes['estimate']} style={{ left, width: `${row.estimateWidth * 100}%` }} />
        <i
          className={classes['bar']}
          data-is-over={isOver}
          style={{ left, width: `${row.width * 100}%` }}
        />
      </span>
      <span className={classes['time']}>
        <b>{formatMeasured(row.seconds)}</b> {isOver ? 'over' : 'of'}{' '}
        {formatDuration(row.estimateSeconds)}
      </span>
    </div>
  );
}
