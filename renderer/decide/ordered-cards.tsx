import type { ReactNode } from 'react';
import type { RunState } from '../../shared/run/state.js';
import { formatDateTime } from '../text/format.js';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { Facts } from '../ui/facts.js';
import { PreviewList } from './preview-list.js';
import { shortId, sizeText } from './target-facts.js';

/** The decision as it was recorded. */
export function OrderCard({ run }: { readonly run: RunState }): ReactNode {
  const { order, target, from, closed } = run;
  if (order === null) {
    return (
      <Card title="The decision">
        <EmptyState title="No rollback was ordered">
          {closed === null ? '' : `Closed by ${closed.by}: ${closed.reason}`}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card title="The decision" tone="accent" aside={formatDateTime(order.at.at)}>
      <Facts
        facts={[
          { name: 'Ordered by', value: order.authority },
          { name: 'Operated by', value: order.operator },
          { name: 'Reason', value: order.reason },
          { name: 'Verdict', value: order.verdict },
          { name: 'From', value: from === null ? 'nothing was found serving' : from.version },
          {
            name: 'To',
            value:
              target === null ? (
                'not known'
              ) : (
                <>
                  {target.version} · image <code>{shortId(target.id)}</code> ·{' '}
                  {sizeText(target.sizeBytes)}
                </>
              ),
          },
        ]}
      />
    </Card>
  );
}

/** What "can I still go back?" said when the target was chosen. */
export function RecordedPreviewCard({ run }: { readonly run: RunState }): ReactNode {
  if (run.target === null || run.preview.length === 0) {
    return null;
  }
  return (
    <Card
      title={`Could I still go back to ${run.target.version}?`}
      aside="as recorded with the choice"
    >
      <PreviewList items={run.preview} />
    </Card>
  );
}
