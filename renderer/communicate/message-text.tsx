import type { ReactNode } from 'react';
import type { FilledMessage, Segment } from '../../shared/messages/fill.js';
import classes from './message-text.module.css';

/** The text exactly as it will be copied; what is not known stands out in place. */
export function MessageText({ message }: { readonly message: FilledMessage }): ReactNode {
  return (
    <>
      {message.subject === null ? null : (
        <div className={classes['subject']}>
          <span>Subject: </span>
          <Segments segments={message.subject} />
        </div>
      )}
      <pre className={classes['text']}>
        <Segments segments={message.body} />
      </pre>
    </>
  );
}

function Segments({ segments }: { readonly segments: readonly Segment[] }): ReactNode {
  return segments.map((segment, index) =>
    segment.kind === 'fixed' ? (
      segment.text
    ) : (
      <mark key={index} data-kind={segment.kind}>
        {segment.text}
      </mark>
    ),
  );
}
