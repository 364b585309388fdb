import type { ReactNode } from 'react';
import type { RunState } from '../../shared/run/state.js';
import { formatTime } from '../text/format.js';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import classes from './sent-history.module.css';

type Sent = RunState['messages'][string]['sent'][number] & { readonly title: string };

/** What people were told, where, by whom, and in which words. Newest first. */
export function SentHistory({ run }: { readonly run: RunState }): ReactNode {
  const sent = sentMessages(run);
  return (
    <Card title="Sent">
      {sent.length === 0 ? (
        <EmptyState title="Nothing has been marked as sent">
          The console sends nothing itself: copy a message, post it, then mark it here.
        </EmptyState>
      ) : (
        <ul className={classes['list']}>
          {sent.map(({ title, where, body, by, at }) => (
            <li key={`${at.at}-${title}`}>
              <span className={classes['time']}>{formatTime(at.at)}</span>
              <span>
                {title} to {where}, by {by}
                <details>
                  <summary>the words</summary>
                  <pre>{body}</pre>
                </details>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function sentMessages({ messages, started }: RunState): readonly Sent[] {
  return (started?.runbook.messages.templates ?? [])
    .flatMap(({ id, title }) => (messages[id]?.sent ?? []).map((sent) => ({ ...sent, title })))
    .toSorted((a, b) => b.at.at.localeCompare(a.at.at));
}
