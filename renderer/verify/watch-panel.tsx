import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatDuration } from '../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import type { RunState, WatchState } from '../../shared/run/state.js';
import { Card } from '../ui/card.js';
import { clockText } from '../ui/duration-clock.js';
import { EmptyState } from '../ui/empty-state.js';
import { useNow } from '../ui/now.js';
import { StatusWord } from '../ui/status-word.js';
import { WatchCharts } from './watch-charts.js';
import classes from './watch-panel.module.css';
import { findGaps } from './watch-series.js';
import { gapWords, watchWords } from './watch-words.js';

/** The watch after the rollback: verdict first, then time left, then what was seen. */
export function WatchPanel({ run }: { readonly run: RunState }): ReactNode {
  if (run.watch === null) {
    const seconds = run.started?.environment.watchSeconds ?? run.started?.runbook.watch.seconds;
    return (
      <Card title="Watch">
        <EmptyState title="The watch has not begun">
          It begins by itself once the checks have passed, and lasts{' '}
          {seconds === undefined ? 'as long as the runbook says' : formatDuration(seconds)}.
        </EmptyState>
      </Card>
    );
  }
  return <Watch run={run} watch={run.watch} />;
}

function Watch({ run, watch }: { readonly run: RunState; readonly watch: WatchState }): ReactNode {
  const words = watchWords(watch, run.baseline);
  const { samples, intervalSeconds, ended, seconds } = watch;
  // While it runs, a gap is one between two looks; the end is not due yet.
  const until =
    ended === null || ended.endedBy !== null ? (samples.at(-1)?.atSeconds ?? 0) : seconds;
  const gaps = useMemo(
    () => findGaps(samples, intervalSeconds, until),
    [samples, intervalSeconds, until],
  );
  const missed = gapWords(gaps);
  return (
    <>
      <Card tone={words.tone}>
        <div className={classes['sentence']}>
          <div aria-live="polite">
            <h3>{words.heading}</h3>
            {words.reasons.map((reason) => (
              <p key={reason}>{reason}</p>
            ))}
            {missed === null ? null : (
              <div className={classes['gap']}>
                <StatusWord tone="warn" sign="warning">
                  {missed}
                </StatusWord>
              </div>
            )}
          </div>
          <div className={classes['left']}>
            <span>{ended === null ? 'time left' : 'length'}</span>
            <b>{ended === null ? <TimeLeft watch={watch} /> : clockText(seconds)}</b>
          </div>
        </div>
      </Card>
      {samples.length === 0 ? null : <WatchCharts run={run} watch={watch} gaps={gaps} />}
    </>
  );
}

function TimeLeft({ watch }: { readonly watch: WatchState }): ReactNode {
  return clockText(watch.seconds - secondsBetween(watch.startedAt, useNow()));
}
