import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Input } from '../../../shared/ipc/contract.js';
import type { ForeseenChange, Foresight } from '../../../shared/plan/foresight.js';
import type { RunId } from '../../../shared/run/events.js';
import { valueOf } from '../../stores/answer-store.js';
import { useClient } from '../../stores/stores.js';
import { useAnswer } from '../../stores/use-run.js';
import { Card } from '../card.js';
import { DataTable } from '../data-table.js';
import { ErrorNotice } from '../error-notice.js';
import { StatusWord } from '../status-word.js';
import type { StatusSign, Tone } from '../status-word.js';
import classes from './foresight-card.module.css';

/** What approving would make different, looked at again for every unit. Says nothing where no step can tell. */
export function ForesightCards({
  runId,
  unit,
}: {
  readonly runId: RunId;
  readonly unit: string;
}): ReactNode {
  const client = useClient();
  const { answer, ask } = useAnswer((input: Input<'runs.foresee'>) =>
    client.request('runs.foresee', input),
  );
  useEffect(() => {
    void ask({ runId, unit }, 'forget-previous');
  }, [ask, runId, unit]);
  if (answer.status === 'failed') {
    return <ErrorNotice label="Compare the containers" error={answer.error} />;
  }
  return (valueOf(answer) ?? []).map((foresight) => (
    <ForesightCard key={foresight.title} foresight={foresight} />
  ));
}

function ForesightCard({ foresight }: { readonly foresight: Foresight }): ReactNode {
  const { title, changes, carried, warnings } = foresight;
  const lost = changes.filter(({ because }) => because === 'lost');
  const aside = lost.length === 0 ? 'compared just now' : `${String(lost.length)} not carried`;
  const tone = lost.length > 0 ? 'bad' : warnings.length > 0 ? 'warn' : undefined;
  return (
    <div data-foresight={title}>
      <Card
        title={`What will be different: ${title}`}
        aside={aside}
        {...(tone === undefined ? {} : { tone })}
      >
        {warnings.map((warning) => (
          <p key={warning} className={classes['warning']}>
            <StatusWord tone="warn" sign="warning">
              know this
            </StatusWord>{' '}
            {warning}
          </p>
        ))}
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
        <p className={classes['carried']}>
          #… stands for a value that may be a secret: the same sign is the same value.
        </p>
      </Card>
    </div>
  );
}

const headings = [{ text: 'Setting' }, { text: 'Now' }, { text: 'Afterwards' }, { text: 'Why' }];

const reasons = {
  target: { tone: 'dim', sign: 'done', word: 'the new version' },
  console: { tone: 'dim', sign: 'done', word: 'for the way back' },
  lost: { tone: 'bad', sign: 'wrong', word: 'not carried' },
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
