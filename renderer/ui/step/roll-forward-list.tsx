import type { ReactNode } from 'react';
import { statusWord } from '../../../shared/run/status-words.js';
import { stepsToUndo } from '../../../shared/run/select.js';
import type { RunState } from '../../../shared/run/state.js';
import { Card, ScreenTitle } from '../card.js';
import { StatusWord } from '../status-word.js';
import classes from './step.module.css';
import { statusSigns, statusTones } from './step-words.js';

/** Everything that is being taken back, newest first. */
export function RollForwardList({ run }: { readonly run: RunState }): ReactNode {
  const left = stepsToUndo(run).length;
  const touched = run.steps
    .filter(
      ({ plan, attempt, status }) =>
        plan.risk !== 'read' && (attempt > 0 || status === 'done-by-hand'),
    )
    .toReversed();
  return (
    <>
      <ScreenTitle
        eyebrow={
          <>
            <b>Roll forward</b>
            <span>{run.rollForward?.reason}</span>
          </>
        }
      >
        {left === 0
          ? 'Everything has been taken back'
          : `Taking back what was changed, newest first: ${touched.length - left} of ${touched.length} done`}
      </ScreenTitle>
      <Card>
        <ol className={classes['parts']}>
          {touched.map(({ plan, status, summary }) => (
            <li key={plan.id} className={classes['part']} data-status={status} data-is-undo>
              <StatusWord
                tone={
                  status === 'succeeded' ? 'dim' : status === 'undone' ? 'ok' : statusTones[status]
                }
                sign={
                  status === 'succeeded'
                    ? 'waiting'
                    : status === 'undone'
                      ? 'done'
                      : statusSigns[status]
                }
              >
                {status === 'succeeded' ? 'waiting' : statusWord(status)}
              </StatusWord>
              <div className={classes['partBody']}>
                <b>{plan.title}</b>
                <div className={classes['dim']}>{plan.undoText ?? 'has no undo of its own'}</div>
                {status === 'undone' ? (
                  <div className={classes['partResult']}>{summary}</div>
                ) : null}
              </div>
              <div className={classes['partTime']}>{plan.where}</div>
            </li>
          ))}
        </ol>
      </Card>
    </>
  );
}
