import { useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref, RefObject } from 'react';
import type { LineSource } from './line-source.js';
import { LogRow } from './log-row.js';
import { LogSearchBox, useLogSearch } from './log-search.js';
import classes from './log-view.module.css';
import { plainText } from './plain-text.js';
import { useFollow } from './use-follow.js';
import type { Follow } from './use-follow.js';
import { contentHeight, windowOf } from './windowing.js';

export type LogHandle = { readonly search: () => void };

export type LogViewProps = {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly lines: LineSource;
  readonly emptyText: string;
  readonly searchKey?: string;
  readonly onCopy: (text: string) => Promise<void>;
  readonly ref?: Ref<LogHandle>;
};

/** A live log: fixed rows, only those in sight are drawn, and it never moves under the reader's eyes. */
export function LogView(props: LogViewProps): ReactNode {
  const { title, aside, lines, searchKey, onCopy, ref } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const follow = useFollow(scroller, lines.total, lines.version);
  const [selected, setSelected] = useState<number | null>(null);
  const search = useLogSearch(lines, selected);
  useImperativeHandle(ref, () => ({
    search: () => {
      search.setQuery(search.query ?? '');
    },
  }));
  const go = (index: number | null): void => {
    if (index !== null) {
      setSelected(index);
      follow.show(index);
    }
  };
  const detail = selected === null ? undefined : lines.lineAt(selected);
  return (
    <section className={classes['log']}>
      <header className={classes['head']}>
        <b className={classes['title']}>{title}</b>
        {aside}
        <LogSearchBox
          search={search}
          openKey={searchKey}
          onJump={(direction) => {
            go(search.next(direction));
          }}
        />
      </header>
      <LogBody
        {...props}
        scroller={scroller}
        follow={follow}
        query={search.query ?? ''}
        selected={selected}
        onSelect={setSelected}
        onGo={go}
      />
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

const arrowSteps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

type BodyProps = LogViewProps & {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly follow: Follow;
  readonly query: string;
  readonly selected: number | null;
  readonly onSelect: (index: number | null) => void;
  readonly onGo: (index: number) => void;
};

function LogBody({
  title,
  lines,
  emptyText,
  scroller,
  follow,
  query,
  selected,
  onSelect,
  onGo,
}: BodyProps): ReactNode {
  const rows = windowOf(lines.total, follow.viewport);
  useEffect(() => {
    lines.want(rows.first, rows.end - rows.first);
  }, [lines, rows.first, rows.end]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = arrowSteps[event.key];
    if (step !== undefined && lines.total > 0) {
      event.preventDefault();
      onGo(Math.min(lines.total - 1, Math.max(0, (selected ?? lines.total) + step)));
    }
  };
  return (
    <div className={classes['frame']}>
      <div
        ref={scroller}
        className={classes['scroller']}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={title}
        onScroll={follow.onScroll}
        onKeyDown={onKeyDown}
      >
        <div className={classes['content']} style={{ height: contentHeight(lines.total) }}>
          <div style={{ transform: `translateY(${rows.offsetPx}px)` }}>
            {indexes(rows.first, rows.end).map((index) => (
              <LogRow
                key={index}
                entry={lines.lineAt(index)}
                query={query}
                isSelected={index === selected}
                onSelect={() => {
                  onSelect(index === selected ? null : index);
                }}
              />
            ))}
          </div>
        </div>
      </div>
      {lines.total === 0 ? <p className={classes['empty']}>{emptyText}</p> : null}
      <Unseen follow={follow} />
    </div>
  );
}

/** Says that the log went on while the reader was further up, and leads back to its end. */
function Unseen({ follow }: { readonly follow: Follow }): ReactNode {
  return follow.unseen === 0 ? null : (
    <button type="button" className={classes['newer']} onClick={follow.follow}>
      ▼ {follow.unseen.toLocaleString('en-GB')} new line{follow.unseen === 1 ? '' : 's'}
    </button>
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
