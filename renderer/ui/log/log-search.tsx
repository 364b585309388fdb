import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { KeyHint } from '../key-hint.js';
import { matchesIn } from './line-source.js';
import type { LineSource } from './line-source.js';
import classes from './log-view.module.css';

export type LogSearch = {
  /** Null while the box is closed. */
  readonly query: string | null;
  readonly setQuery: (query: string | null) => void;
  readonly place: string;
  readonly next: (direction: 1 | -1) => number | null;
};

export function useLogSearch(lines: LineSource, selected: number | null): LogSearch {
  const [query, setQuery] = useState<string | null>(null);
  const found = useMemo(() => matchesIn(lines, query ?? ''), [lines, query]);
  return {
    query,
    setQuery,
    place: placeOf(found, selected),
    next: (direction) => nextMatch(found, selected, direction),
  };
}

/** The search of one log: a word to open it, a box once it is open. */
export function LogSearchBox({
  search: { query, setQuery, place },
  openKey,
  onJump,
}: {
  readonly search: LogSearch;
  readonly openKey: string | undefined;
  readonly onJump: (direction: 1 | -1) => void;
}): ReactNode {
  return query === null ? (
    <button
      type="button"
      className={classes['link']}
      onClick={() => {
        setQuery('');
      }}
    >
      {openKey === undefined ? null : <KeyHint name={openKey} />} search
    </button>
  ) : (
    <SearchBox
      query={query}
      place={place}
      onChange={setQuery}
      onJump={onJump}
      onClose={() => {
        setQuery(null);
      }}
    />
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
