import { IconCheck, IconPlayerPlayFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { messagesDue } from '../../shared/messages/due.js';
import { currentStage, isStageDone } from '../../shared/run/select.js';
import type { Stage } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import { KeyHint } from '../ui/key-hint.js';
import { useNow } from '../ui/now.js';
import classes from './stage-nav.module.css';
import { stages } from './stages.js';
import { StepList } from './step-list.js';

/** The way of a run. Every stage can be read at any time; what is done is ticked, what is next is marked. */
export function StageNav({
  run,
  shown,
  onOpen,
}: {
  readonly run: RunState;
  readonly shown: Stage;
  readonly onOpen: (stage: Stage) => void;
}): ReactNode {
  const current = currentStage(run);
  return (
    <nav className={classes['nav']} aria-label="Stages">
      {stages.map(({ id, title, key }) => (
        <div key={id}>
          <button
            type="button"
            className={classes['stage']}
            aria-current={id === shown ? 'page' : undefined}
            data-is-current={id === current}
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              onOpen(id);
            }}
          >
            <StageSign isDone={isStageDone(run, id)} isCurrent={id === current} />
            <span className={classes['title']}>{title}</span>
            {id === 'communicate' ? <DueOrKey run={run} name={key} /> : <KeyHint name={key} />}
          </button>
          {id === 'execute' || id === 'verify' ? <StepList run={run} stage={id} /> : null}
        </div>
      ))}
    </nav>
  );
}

function StageSign({
  isDone,
  isCurrent,
}: {
  readonly isDone: boolean;
  readonly isCurrent: boolean;
}): ReactNode {
  if (isDone) {
    return <IconCheck className={classes['done']} size={16} stroke={2.2} aria-label="done" />;
  }
  return isCurrent ? (
    <IconPlayerPlayFilled className={classes['now']} size={11} aria-label="next" />
  ) : (
    <span className={classes['later']} aria-label="later" role="img" />
  );
}

/** What waits to be told takes the place of the key. */
function DueOrKey({ run, name }: { readonly run: RunState; readonly name: string }): ReactNode {
  const { due, secondsUntilDue } = messagesDue(run, useNow());
  if (due.length === 0) {
    return <KeyHint name={name} />;
  }
  const isLate = secondsUntilDue !== null && secondsUntilDue < 0;
  return (
    <em className={classes['badge']}>
      {due.length} {isLate ? 'late' : 'due'}
    </em>
  );
}
