import type { ReactNode } from 'react';
import type { LogEntry } from '../../../shared/ipc/views.js';
import classes from './log-view.module.css';
import { plainText } from './plain-text.js';
import { withoutMoment } from './without-moment.js';

/** `14:02:10` in the operator's own time zone. */
function timeOf(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime())
    ? '        '
    : date.toLocaleTimeString('en-GB', { hour12: false });
}

export function LogRow({
  entry,
  query,
  isSelected,
  onSelect,
}: {
  readonly entry: LogEntry | undefined;
  readonly query: string;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}): ReactNode {
  if (entry === undefined) {
    return <div className={classes['row']} data-kind="absent" />;
  }
  const text = plainText(entry.text);
  const kind = entry.stream === 'mark' ? 'mark' : entry.isError ? 'error' : 'plain';
  return (
    <div className={classes['row']} data-kind={kind} data-selected={isSelected} onClick={onSelect}>
      <span className={classes['time']}>{timeOf(entry.at)}</span>
      <span className={classes['word']}>{kind === 'error' ? 'err' : ''}</span>
      <span className={classes['line']} title={text}>
        <Marked text={withoutMoment(text, entry.at)} query={query} />
      </span>
    </div>
  );
}

function Marked({ text, query }: { readonly text: string; readonly query: string }): ReactNode {
  const wanted = query.trim().toLowerCase();
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted);
  if (at === -1) {
    return text;
  }
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </>
  );
}
