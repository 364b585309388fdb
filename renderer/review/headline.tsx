import type { ReactNode } from 'react';
import type { RunSummary } from '../../shared/ipc/views.js';
import type { Figures } from '../../shared/metrics/figures.js';
import { formatDuration, formatMeasured } from '../../shared/metrics/format-duration.js';
import type { StartedRun } from '../../shared/run/state.js';
import classes from './headline.module.css';

/** The numbers that count, against what was written down and against the last time. */
export function Headline({
  figures,
  started,
  last,
}: {
  readonly figures: Figures;
  readonly started: StartedRun;
  readonly last: RunSummary | null;
}): ReactNode {
  const { from, to } = started.procedure.estimateSeconds;
  const lastWord = started.kind === 'drill' ? 'last drill' : 'last incident';
  return (
    <div className={classes['numbers']}>
      <Number
        name="Rollback time"
        seconds={figures.rollbackSeconds}
        lines={[
          'from the order to a verified target',
          `written estimate ${formatDuration(from)} to ${formatDuration(to)}`,
          before(lastWord, last?.rollbackSeconds ?? null),
        ]}
      />
      <Number
        name="Downtime"
        seconds={figures.downtimeSeconds}
        lines={[
          'no answer at all',
          'measured by the console’s own probe',
          before(lastWord, last?.downtimeSeconds ?? null),
        ]}
      />
      <Number
        name="Unhealthy"
        seconds={figures.unhealthySeconds}
        lines={[
          'answers that fail the health check',
          'counted apart from downtime',
          before(lastWord, last?.unhealthySeconds ?? null),
        ]}
      />
    </div>
  );
}

function before(word: string, seconds: number | null): string {
  return `${word} ${seconds === null ? 'not on file' : formatMeasured(seconds)}`;
}

function Number({
  name,
  seconds,
  lines,
}: {
  readonly name: string;
  readonly seconds: number | null;
  readonly lines: readonly string[];
}): ReactNode {
  return (
    <div className={classes['number']}>
      <span>{name}</span>
      <b>{seconds === null ? '–' : formatMeasured(seconds)}</b>
      {lines.map((line) => (
        <small key={line}>{line}</small>
      ))}
    </div>
  );
}
