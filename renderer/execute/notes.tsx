import type { ReactNode } from 'react';
import type { RunState } from '../../shared/run/state.js';
import { formatTime } from '../text/format.js';
import { Card } from '../ui/card.js';
import classes from './notes.module.css';

/** What people wrote down while it happened, newest first. */
export function Notes({ notes }: { readonly notes: RunState['notes'] }): ReactNode {
  return notes.length === 0 ? null : (
    <Card title="Notes">
      <ol className={classes['notes']}>
        {notes.toReversed().map(({ text, by, at }) => (
          <li key={`${at.at}${text}`}>
            <span className={classes['when']}>
              {formatTime(at.at)} {by}
            </span>
            <span className={classes['text']}>{text}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
