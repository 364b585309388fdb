import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { secondsBetween } from '../../shared/metrics/time.js';
import type { Baseline, ServingState } from '../../shared/run/facts.js';
import type { RunState, WatchState } from '../../shared/run/state.js';
import { count } from '../text/format.js';
import { Card } from '../ui/card.js';
import type { ChartLook } from './chart-options.js';
import { stripParts } from './health-strip.js';
import { SeriesChart } from './series-chart.js';
import classes from './watch-charts.module.css';
import { metrics, numbersOf, numbersText, seriesOf } from './watch-series.js';
import type { Gap, Metric } from './watch-series.js';

/** A piece of the time before the watch is shown, so that the change stands out against it. */
const LEAD = 0.1;

/** What the watch saw, one chart below the other on one time axis, each said in numbers beside it. */
export function WatchCharts({
  run,
  watch,
  gaps,
}: {
  readonly run: RunState;
  readonly watch: WatchState;
  readonly gaps: readonly Gap[];
}): ReactNode {
  const { samples, seconds } = watch;
  const measured = metrics.filter(({ id }) => numbersOf(samples, id) !== null);
  const markAt = run.completedAt === null ? 0 : -secondsBetween(run.completedAt, watch.startedAt);
  const hasBaseline = run.baseline !== null && run.baseline.medianMs !== null;
  return (
    <Card title="What the watch sees" aside="minutes since the watch began">
      <Health run={run} watch={watch} gaps={gaps} markAt={markAt} />
      {measured.map((metric) => (
        <MetricRow
          key={metric.id}
          metric={metric}
          watch={watch}
          baseline={run.baseline}
          gaps={gaps}
          markAt={markAt}
          hasTimeAxis={metric === measured.at(-1)}
        />
      ))}
      <div className={classes['legend']}>
        <span>
          <i />
          the upright line: rolled back
        </span>
        {hasBaseline ? (
          <span>
            <i data-kind="baseline" />
            before the rollback
          </span>
        ) : null}
        {gaps.length === 0 ? null : (
          <span>
            <i data-kind="gap" />
            nobody looked
          </span>
        )}
        <span>
          {count(samples.length, 'look')} of about {Math.floor(seconds / watch.intervalSeconds)}
        </span>
        <span>
          {metrics
            .filter((metric) => !measured.includes(metric))
            .map(({ title }) => `${title}: not measured`)
            .join(' · ')}
        </span>
      </div>
    </Card>
  );
}

function MetricRow({
  metric,
  watch,
  baseline,
  gaps,
  markAt,
  hasTimeAxis,
}: {
  readonly metric: Metric;
  readonly watch: WatchState;
  readonly baseline: Baseline | null;
  readonly gaps: readonly Gap[];
  readonly markAt: number;
  readonly hasTimeAxis: boolean;
}): ReactNode {
  const { samples, seconds } = watch;
  const series = useMemo(() => seriesOf(samples, metric.id, gaps), [samples, metric, gaps]);
  const look = useMemo<ChartLook>(
    () => ({
      from: -seconds * LEAD,
      to: seconds,
      markAt,
      baseline: baseline === null ? null : metric.before(baseline),
      gaps,
      isBars: metric.isBars,
      hasTimeAxis,
      format: metric.format,
    }),
    [seconds, markAt, baseline, metric, gaps, hasTimeAxis],
  );
  const text = numbersText(metric, numbersOf(samples, metric.id), baseline);
  return (
    <div className={classes['row']}>
      <div className={classes['name']}>
        <b>{metric.title}</b>
        <span>{text}</span>
      </div>
      <SeriesChart label={`${metric.title}: ${text}`} series={series} look={look} />
    </div>
  );
}

const stateWords = {
  serving: 'serving',
  unhealthy: 'not healthy',
  down: 'down',
  'not-measured': 'not measured',
} as const satisfies Record<ServingState, string>;

function Health({
  run,
  watch,
  gaps,
  markAt,
}: {
  readonly run: RunState;
  readonly watch: WatchState;
  readonly gaps: readonly Gap[];
  readonly markAt: number;
}): ReactNode {
  const { samples, seconds, startedAt } = watch;
  const last = samples.at(-1);
  const from = -seconds * LEAD;
  const until = last?.atSeconds ?? 0;
  const place = (at: number): number => ((at - from) / (seconds - from)) * 100;
  const bad = samples.filter(({ serving }) => serving !== 'serving').length;
  const text = `${last === undefined ? 'not looked yet' : `now ${stateWords[last.serving]}`} · ${bad} of ${count(samples.length, 'look')} not serving`;
  return (
    <div className={classes['row']}>
      <div className={classes['name']}>
        <b>Health</b>
        <span>{text}</span>
      </div>
      <div className={classes['strip']} role="img" aria-label={`Health: ${text}`}>
        {stripParts(run.health, startedAt, { from, to: seconds, until }).map((part) => (
          <i
            key={part.left}
            className={classes['part']}
            data-state={part.state}
            title={stateWords[part.state]}
            style={{ left: `${part.left * 100}%`, width: `${part.width * 100}%` }}
          />
        ))}
        {gaps.map((gap) => (
          <i
            key={gap.from}
            className={classes['gap']}
            style={{ left: `${place(gap.from)}%`, width: `${place(gap.to) - place(gap.from)}%` }}
          />
        ))}
        <i className={classes['mark']} style={{ left: `${place(markAt)}%` }} />
      </div>
    </div>
  );
}
