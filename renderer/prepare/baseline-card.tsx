import type { ReactNode } from 'react';
import type { Baseline } from '../../shared/run/facts.js';
import { count } from '../text/format.js';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { Facts } from '../ui/facts.js';

/** What "before" looked like. Afterwards the watch is judged against it. */
export function BaselineCard({ baseline }: { readonly baseline: Baseline | null }): ReactNode {
  return (
    <Card title="Baseline" aside="what “before” looks like">
      {baseline === null ? (
        <EmptyState title="Not recorded yet">
          It is measured before the first change, so that “after” can be judged against it.
        </EmptyState>
      ) : (
        <Facts
          facts={[
            { name: 'Failing', value: failing(baseline) },
            { name: 'Answers in', value: answers(baseline) },
            { name: 'Restarts', value: baseline.restarts ?? 'not known' },
            { name: 'Error lines', value: <Kinds kinds={baseline.errorKinds} /> },
          ]}
        />
      )}
    </Card>
  );
}

function failing({ requests, failedPercent }: Baseline): string {
  return failedPercent === null
    ? 'not measured'
    : `${Number(failedPercent.toFixed(1))} % of ${count(requests, 'request')}`;
}

function answers({ medianMs, p95Ms }: Baseline): string {
  if (medianMs === null || p95Ms === null) {
    return 'not measured';
  }
  return `${Math.round(medianMs)} ms, 95 % within ${Math.round(p95Ms)} ms`;
}

function Kinds({ kinds }: { readonly kinds: readonly string[] }): ReactNode {
  if (kinds.length === 0) {
    return 'none';
  }
  return (
    <>
      {kinds.length === 1 ? '1 kind' : `${String(kinds.length)} kinds`}
      {kinds.slice(0, 3).map((kind) => (
        <div key={kind}>
          <code>{kind}</code>
        </div>
      ))}
    </>
  );
}
