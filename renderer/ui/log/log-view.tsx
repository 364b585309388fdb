import { useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { KeyHint } from '../key-hint.js';
import type { LineSource } from './line-source.js';
import { matchesIn } from './line-source.js';
import { LogRow } from './log-row.js';
import classes from './log-view.module.css';
import { plainText } from './plain-text.js';
import { useFollow } from './use-follow.js';
import { contentHeight, windowOf } from './windowing.js';

export type LogHandle = { readonly search: () => void };

/** A live log: fixed rows, only those in sight are drawn, and it never moves under the reader's eyes. */
export function LogView({
  title,
  aside,
  lines,
  emptyText,
  searchKey,
  onCopy,
  ref,
}: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly lines: LineSource;
  readonly emptyText: string;
  readonly searchKey?: string;
  readonly onCopy: (text: string) => Promise<void>;
  readonly ref?: Ref<LogHandle>;
}): ReactNode {
  const follow = useFollow(lines.total, lines.version);
  const [selected, setSelected] = useState<number | null>(null);
  const [query, setQuery] = useState<string | null>(null);
  const found = useMemo(() => matchesIn(lines, query ?? ''), [lines, query]);
  const rows = windowOf(lines.total, follow.viewport);
  useEffect(() => {
    lines.want(rows.first, rows.end - rows.first);
  }, [lines, rows.first, rows.end]);
  useImperativeHandle(ref, () => ({
    search: () => {
      setQuery((now) => now ?? '');
    },
  }));

  const jump = (direction: 1 | -1): void => {
    const next = nextMatch(found, selected, direction);
    if (next !== null) {
      setSelected(next);
      follow.show(next);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && lines.total > 0) {
      event.preventDefault();
      const next = Math.min(lines.total - 1, Math.max(0, (selected ?? rows.end) + step));
      setSelected(next);
      if (next < rows.first + 1 || next > rows.end - 3) {
        follow.show(next);
      }
    }
  };
  const detail = selected === null ? undefined : lines.lineAt(selected);

  return (
    <section className={classes['log']}>
      <header className={classes['head']}>
        <b className={classes['title']}>{title}</b>
        {aside}
        {query === null ? (
          <button
            type="button"
            className={classes['link']}
            onClick={() => {
              setQuery('');
            }}
          >
            {searchKey === undefined ? null : <KeyHint name={searchKey} />} search
          </button>
        ) : (
          <SearchBox
            query={query}
            place={placeOf(found, selected)}
            onChange={setQuery}
            onJump={jump}
            onClose={() => {
              setQuery(null);
            }}
          />
        )}
      </header>
      <div className={classes['frame']}>
        <div
          ref={follow.scroller}
          className={classes['scroller']}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={typeof title === 'string' ? title : 'Log'}
          onScroll={follow.onScroll}
          onKeyDown={onKeyDown}
        >
          <div className={classes['content']} style={{ height: contentHeight(lines.total) }}>
            <div style={{ transform: `translateY(${rows.offsetPx}px)` }}>
              {indexes(rows.first, rows.end).map((index) => (
                <LogRow
                  key={index}
                  entry={lines.lineAt(index)}
                  query={query ?? ''}
                  isSelected={index === selected}
                  onSelect={() => {
                    setSelected((now) => (now === index ? null : index));
                  }}
                />
              ))}
            </div>
          </div>
        </div>
        {lines.total === 0 ? <p className={classes['empty']}>{emptyText}</p> : null}
        {follow.unseen > 0 ? (
          <button type="button" className={classes['newer']} onClick={follow.follow}>
            ▼ {follow.unseen.toLocaleString('en-GB')} new line{follow.unseen === 1 ? '' : 's'}
          </button>
        ) : null}
      </div>
      {detail === undefined ? null : (
        <Detail
          text={`${detail.at} ${plainText(detail.text)}`}
          onCopy={onCopy}
          onClose={() => {
            setSelected(null);
          }}
        />
      )}
    </section>
  );
}

function SearchBox({
  query,
  place,
  onChange,
  onJump,
  onClose,
}: {
  readonly query: string;
  readonly place: string;
  readonly onChange: (query: string) => void;
  readonly onJump: (direction: 1 | -1) => void;
  readonly onClose: () => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  return (
    <span className={classes['search']}>
      <input
        ref={input}
        value={query}
        placeholder="Search this log"
        aria-label="Search this log"
        spellCheck={false}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onJump(event.shiftKey ? 1 : -1);
          } else if (event.key === 'Escape') {
            event.preventDefault();
            onClose();
          }
        }}
      />
      <span className={classes['place']}>{query === '' ? 'Esc closes' : place}</span>
    </span>
  );
}

function Detail({
  text,
  onCopy,
  onClose,
}: {
  readonly text: string;
  readonly onCopy: (text: string) => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <div className={classes['detail']}>
      <code>{text}</code>
      <button
        type="button"
        className={classes['link']}
        onClick={() => {
          void onCopy(text);
        }}
      >
        copy line
      </button>
      <button type="button" className={classes['link']} onClick={onClose}>
        close
      </button>
    </div>
  );
}

function indexes(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
}

/** Enter goes towards older lines: in a live log the newest are in sight already. */
function nextMatch(
  found: readonly number[],
  selected: number | null,
  direction: 1 | -1,
): number | null {
  const from = selected ?? Number.POSITIVE_INFINITY;
  const next =
    direction === -1
      ? (found.findLast((index) => index < from) ?? found.at(-1))
      : (found.find((index) => index > from) ?? found[0]);
  return next ?? null;
}

function placeOf(found: readonly number[], selected: number | null): string {
  const at = selected === null ? -1 : found.indexOf(selected);
  if (found.length === 0) {
    return 'none';
  }
  return at === -1 ? `${found.length} found` : `${at + 1} of ${found.length}`;
}
