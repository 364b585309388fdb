import type { ReactNode } from 'react';
import type { RunSummary } from '../../shared/ipc/views.js';
import type { Figures } from '../../shared/metrics/figures.js';
import { formatMeasured } from '../../shared/metrics/format-duration.js';
import { newestLoss } from '../../shared/run/predicted-loss.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { Card } from '../ui/card.js';
import { Facts } from '../ui/facts.js';
import { repeats, successRate } from './compare.js';

/** The five metrics of a rollback, with what each is counted from. */
export function MetricsCard({
  run,
  started,
  figures,
  runs,
}: {
  readonly run: RunState;
  readonly started: StartedRun;
  readonly figures: Figures;
  /** Null while the history is being read or cannot be. */
  readonly runs: readonly RunSummary[] | null;
}): ReactNode {
  const { rollbackSeconds, downtimeSeconds } = figures;
  const dataLoss = run.review.dataLoss.trim();
  const predicted = newestLoss(run);
  const unsaid = predicted === null ? 'not said yet' : `predicted: ${predicted}`;
  return (
    <Card
      title="The five metrics"
      aside={started.kind === 'drill' ? 'drills only' : 'incidents only'}
    >
      <Facts
        facts={[
          { name: 'Rollback', value: spoken(rollbackSeconds, 'decision to verified') },
          { name: 'Downtime', value: spoken(downtimeSeconds, 'measured') },
          {
            name: 'Success rate',
            value: runs === null ? 'the history is not known' : rateText(runs, started, run),
          },
          { name: 'Data loss', value: dataLoss === '' ? unsaid : dataLoss },
          {
            name: 'Repeats',
            value: runs === null ? 'the history is not known' : repeatText(runs, started, run),
          },
        ]}
      />
    </Card>
  );
}

function spoken(seconds: number | null, how: string): string {
  return seconds === null ? 'none to measure' : `${formatMeasured(seconds)}, ${how}`;
}

function rateText(runs: readonly RunSummary[], started: StartedRun, run: RunState): string {
  const { succeeded, of } = successRate(runs, started, run);
  return of === 0
    ? 'nothing has ended yet'
    : `${Math.round((succeeded / of) * 100)} %, ${succeeded} of ${of}`;
}

function repeatText(runs: readonly RunSummary[], started: StartedRun, run: RunState): string {
  const version = run.from?.version;
  if (version === undefined) {
    return 'nothing was rolled back';
  }
  const count = repeats(runs, started, run);
  return count === 0
    ? `first rollback of ${version}`
    : `${version} was rolled back ${count} times before`;
}
