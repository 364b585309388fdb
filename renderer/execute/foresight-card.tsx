import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Input } from '../../shared/ipc/contract.js';
import { carriedInWords } from '../../shared/plan/foresight.js';
import type { ForeseenChange, Foresight } from '../../shared/plan/foresight.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import { valueOf } from '../stores/answer-store.js';
import type { Answer } from '../stores/answer-store.js';
import { useClient } from '../stores/stores.js';
import { useAnswer } from '../stores/use-run.js';
import type { Action } from '../ui/actions/action.js';
import { Card } from '../ui/card.js';
import { DataTable } from '../ui/data-table.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { KeyHint } from '../ui/key-hint.js';
import { StatusWord } from '../ui/status-word.js';
import type { StatusSign, Tone } from '../ui/status-word.js';
import classes from './foresight-card.module.css';
import { differencesInWords, lostOf } from './foresight-words.js';

export type Foreseen = Answer<readonly Foresight[]>;

/** What approving would make different, looked at again for every unit. Asks nothing for what has begun. */
export function useForesight(
  run: RunState,
  step: StepState | undefined,
  isAttached: boolean,
): Foreseen {
  const client = useClient();
  const { answer, ask } = useAnswer(async (input: Input<'runs.foresee'>) => ({
    unit: input.unit,
    foreseen: await client.request('runs.foresee', input),
  }));
  const runId = run.started?.runId;
  const unit = step?.plan.unit;
  const isAsked = isAttached && step !== undefined && canForesee(run, step);
  useEffect(() => {
    if (isAsked && runId !== undefined && unit !== undefined) {
      void ask({ runId, unit }, 'forget-previous');
    }
  }, [ask, runId, unit, isAsked]);
  return isAsked ? answerFor(unit, answer) : { status: 'unasked' };
}

/** Until this very unit has been looked at, nothing is known of it: neither before the question nor from the unit before. */
function answerFor(
  unit: string | undefined,
  answer: Answer<{ readonly unit: string; readonly foreseen: readonly Foresight[] }>,
): Foreseen {
  switch (answer.status) {
    case 'unasked':
    case 'asking':
      return { status: 'asking', previous: null };
    case 'failed':
      return { ...answer, previous: null };
    case 'ready':
      return answer.value.unit === unit
        ? { status: 'ready', value: answer.value.foreseen }
        : { status: 'asking', previous: null };
  }
}

/** A step that has begun has made its difference, or is making it. */
function canForesee(run: RunState, { plan, status }: StepState): boolean {
  const isWaiting = status === 'pending' || status === 'undone';
  return run.phase === 'executing' && plan.stage === 'execute' && isWaiting;
}

/** What must not be read only after the approval, above everything else: how much will differ, and the worst of it. */
export function ForesightNotice({
  foreseen,
  isDataReplaced,
}: {
  readonly foreseen: Foreseen;
  readonly isDataReplaced: boolean;
}): ReactNode {
  if (foreseen.status === 'asking' && isDataReplaced) {
    return <CountingNotice />;
  }
  if (foreseen.status === 'failed') {
    return <ErrorNotice label="Look at what will be different" error={foreseen.error} />;
  }
  const all = valueOf(foreseen) ?? [];
  if (all.length === 0) {
    return null;
  }
  const lost = lostOf(all);
  const warnings = [...new Set(all.flatMap((foresight) => foresight.warnings))];
  const obstacles = [...new Set(all.flatMap((foresight) => foresight.obstacles))];
  const tone =
    lost.length + obstacles.length > 0 ? 'bad' : warnings.length > 0 ? 'warn' : undefined;
  return (
    <div id={NOTICE} className={classes['place']}>
      <Card
        {...(tone === undefined ? {} : { tone })}
        title={tone === undefined ? 'What will be different' : 'Know this before you approve'}
        aside={
          <>
            <KeyHint name={FORESIGHT_KEY} /> show all
          </>
        }
      >
        {obstacles.map((obstacle) => (
          <p key={obstacle} className={classes['obstacle']}>
            {obstacle}
          </p>
        ))}
        <p className={classes['warning']}>{differencesInWords(all)}</p>
        {lost.slice(0, MOST_NAMED).map(({ what, from, to }) => (
          <p key={what} className={classes['warning']}>
            <StatusWord tone="bad" sign="wrong">
              not carried
            </StatusWord>{' '}
            {what}: <code>{from ?? 'none'}</code> → <code>{to ?? 'none'}</code>
          </p>
        ))}
        {lost.length > MOST_NAMED ? (
          <p className={classes['warning']}>and {lost.length - MOST_NAMED} more not carried.</p>
        ) : null}
        {warnings.map((warning) => (
          <p key={warning} className={classes['warning']}>
            {warning}
          </p>
        ))}
      </Card>
    </div>
  );
}

function CountingNotice(): ReactNode {
  return (
    <div id={NOTICE} className={classes['place']} role="status">
      <Card tone="warn" title="Counting what this takes away">
        <p className={classes['warning']}>
          The rows of now are compared with those that come back. Until that is known, this waits.
        </p>
      </Card>
    </div>
  );
}

const MOST_NAMED = 3;
const FORESIGHT_KEY = 'V';
const FORESIGHT = 'foresight';
const NOTICE = 'foresight-notice';

/** There and back again: the comparison lies below what the approval is for. Null where nothing was compared. */
export function foresightAction(foreseen: Foreseen): Action | null {
  if ((valueOf(foreseen) ?? []).length === 0) {
    return null;
  }
  return {
    id: FORESIGHT,
    label: 'Show what will be different, or go back up',
    key: FORESIGHT_KEY,
    tone: 'quiet',
    isInBar: false,
    run: () => {
      const place = document.getElementById(FORESIGHT);
      if (place === null || document.activeElement === place) {
        place?.blur();
        document.getElementById(NOTICE)?.scrollIntoView({ block: 'start' });
        return;
      }
      place.scrollIntoView({ block: 'start' });
      place.focus({ preventScroll: true });
    },
  };
}

/** Both containers side by side, below what the approval is for. */
export function ForesightCards({ foreseen }: { readonly foreseen: Foreseen }): ReactNode {
  const all = valueOf(foreseen) ?? [];
  return all.length === 0 ? null : (
    <div id={FORESIGHT} tabIndex={-1} className={classes['place']}>
      {all.map((foresight) => (
        <ForesightCard key={foresight.title} foresight={foresight} />
      ))}
    </div>
  );
}

function ForesightCard({ foresight }: { readonly foresight: Foresight }): ReactNode {
  const { title, changes } = foresight;
  const carried = carriedInWords(foresight);
  const lost = lostOf([foresight]);
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
        {carried === null ? null : <p className={classes['carried']}>{carried}.</p>}
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
      <td className={classes['what']}>{what}</td>
      <td className={classes['values']}>
        {from === null ? 'none' : <code className={classes['value']}>{from}</code>}
      </td>
      <td className={classes['values']}>
        {to === null ? 'none' : <code className={classes['value']}>{to}</code>}
      </td>
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
