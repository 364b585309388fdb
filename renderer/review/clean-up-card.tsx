import type { ReactNode } from 'react';
import type { CleanUpOffer } from '../../shared/run/clean-up.js';
import type { RunState } from '../../shared/run/state.js';
import { valueOf } from '../stores/answer-store.js';
import type { Answer } from '../stores/answer-store.js';
import { Card } from '../ui/card.js';
import { DataTable } from '../ui/data-table.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { KeyHint } from '../ui/key-hint.js';
import { StatusWord } from '../ui/status-word.js';
import { CLEAN_UP } from './use-clean-up.js';

const headings = [
  { text: 'What' },
  { text: 'What removing it would lose' },
  { text: 'May it go?' },
];

/** What a closed run has left on the engine, with what would be lost beside each. */
export function CleanUpCard({
  run,
  answer,
}: {
  readonly run: RunState;
  readonly answer: Answer<readonly CleanUpOffer[]>;
}): ReactNode {
  const offers = valueOf(answer);
  return run.phase !== 'closed' ? null : (
    <div id={CLEAN_UP}>
      <Card
        title="Clean-up"
        aside={
          <>
            <KeyHint name="L" />{' '}
            {answer.status === 'asking' ? 'looking …' : 'look what the run has left'}
          </>
        }
      >
        {answer.status === 'failed' ? (
          <ErrorNotice label="Look what the run has left" error={answer.error} />
        ) : null}
        {offers === null ? (
          <p>
            The old container is kept until somebody removes it. Nothing has been looked at yet.
          </p>
        ) : (
          <Left offers={offers} />
        )}
      </Card>
    </div>
  );
}

function Left({ offers }: { readonly offers: readonly CleanUpOffer[] }): ReactNode {
  return offers.length === 0 ? (
    <p>The run has left nothing that could be removed.</p>
  ) : (
    <DataTable label="What the run has left" headings={headings}>
      <tbody>
        {offers.map(({ id, kind, engine, name, facts, refusal }) => (
          <tr key={id}>
            <td>
              {kind} <b>{name}</b> on {engine}
            </td>
            <td>
              {facts.map((fact) => (
                <div key={fact}>{fact}</div>
              ))}
            </td>
            <td>
              {refusal === null ? (
                <StatusWord tone="warn" sign="warning">
                  may be removed
                </StatusWord>
              ) : (
                <>stays: {refusal}</>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
