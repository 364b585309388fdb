import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Input } from '../../shared/ipc/contract.js';
import type { ForeseenChange, Foresight } from '../../shared/plan/foresight.js';
import type { RunId } from '../../shared/run/events.js';
import { valueOf } from '../stores/answer-store.js';
import type { Answer } from '../stores/answer-store.js';
import { useClient } from '../stores/stores.js';
import { useAnswer } from '../stores/use-run.js';
import { Card } from '../ui/card.js';
import { DataTable } from '../ui/data-table.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { StatusWord } from '../ui/status-word.js';
import type { StatusSign, Tone } from '../ui/status-word.js';
import classes from './foresight-card.module.css';

export type Foreseen = Answer<readonly Foresight[]>;

/** What approving would make different, looked at again for every unit. Asks nothing for what has begun. */
export function useForesight(runId: RunId | undefined, unit: string, isAsked: boolean): Foreseen {
  const client = useClient();
  const { answer, ask } = useAnswer((input: Input<'runs.foresee'>) =>
    client.request('runs.foresee', input),
  );
  useEffect(() => {
    if (isAsked && runId !== undefined) {
      void ask({ runId, unit }, 'forget-previous');
    }
  }, [ask, runId, unit, isAsked]);
  return isAsked ? answer : { status: 'unasked' };
}

/** What must not be read only after the approval: above everything else. */
export function ForesightNotice({ foreseen }: { readonly foreseen: Foreseen }): ReactNode {
  if (foreseen.status === 'failed') {
    return <ErrorNotice label="Look at what will be different" error={foreseen.error} />;
  }
  const all = valueOf(foreseen) ?? [];
  const lost = all.flatMap(({ changes }) => changes.filter(({ because }) => because === 'lost'));
  const warnings = [...new Set(all.flatMap((foresight) => foresight.warnings))];
  if (lost.length === 0 && warnings.length === 0) {
    return null;
  }
  return (
    <Card tone={lost.length > 0 ? 'bad' : 'warn'} title="Know this before you approve">
      {lost.length === 0 ? null : (
        <p className={classes['warning']}>
          Not carried into the new container: {lost.map(({ what }) => what).join(', ')}.
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className={classes['warning']}>
          {warning}
        </p>
      ))}
    </Card>
  );
}

/** Both containers side by side, below what the approval is for. */
export function ForesightCards({ foreseen }: { readonly foreseen: Foreseen }): ReactNode {
  return (valueOf(foreseen) ?? []).map((foresight) => (
    <ForesightCard key={foresight.title} foresight={foresight} />
  ));
}

function ForesightCard({ foresight }: { readonly foresight: Foresight }): ReactNode {
  const { title, changes, carried } = foresight;
  const lost = changes.filter(({ because }) => because === 'lost');
  const aside = lost.length === 0 ? 'compared just now' : `${String(lost.length)} not carried`;
  return (
    <div data-foresight={title}>
      <Card title={`What will be different: ${title}`} aside={aside}>
        <DataTable label={title} headings={headings}>
          <tbody>
            {[...lost, ...changes.filter(({ because }) => because !== 'lost')].map((change) => (
              <ChangeRow key={change.what} change={change} />
            ))}
          </tbody>
        </DataTable>
        {carried.length === 0 ? null : (
          <p className={classes['carried']}>Carried as they are: {carried.join(', ')}.</p>
        )}
        {isMarked(changes) ? (
          <p className={classes['carried']}>
            #… stands for a value that may be a secret: the same sign is the same value.
          </p>
        ) : null}
      </Card>
    </div>
  );
}

const isMarked = (changes: readonly ForeseenChange[]): boolean =>
  changes.some(({ because }) => because !== 'rows');

const headings = [{ text: 'What' }, { text: 'Now' }, { text: 'Afterwards' }, { text: 'Why' }];

const reasons = {
  target: { tone: 'dim', sign: 'done', word: 'the new version' },
  console: { tone: 'dim', sign: 'done', word: 'for the way back' },
  lost: { tone: 'bad', sign: 'wrong', word: 'not carried' },
  rows: { tone: 'dim', sign: 'done', word: 'the restored data' },
} as const satisfies Record<
  ForeseenChange['because'],
  { readonly tone: Tone; readonly sign: StatusSign; readonly word: string }
>;

function ChangeRow({ change }: { readonly change: ForeseenChange }): ReactNode {
  const { what, from, to, because } = change;
  const { tone, sign, word } = reasons[because];
  return (
    <tr data-because={because}>
      <td>{what}</td>
      <td>{from === null ? 'none' : <code className={classes['value']}>{from}</code>}</td>
      <td>{to === null ? 'none' : <code className={classes['value']}>{to}</code>}</td>
      <td>
        {because === 'lost' ? (
          <StatusWord tone={tone} sign={sign}>
            {word}
          </StatusWord>
        ) : (
          <span className={classes['why']}>{word}</span>
        )}
      </td>
    </tr>
  );
}
