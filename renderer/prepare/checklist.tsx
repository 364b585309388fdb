import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatTime } from '../text/format.js';
import { StatusWord, Tag } from '../ui/status-word.js';
import type { ChecklistRow } from './checklist-rows.js';
import classes from './checklist.module.css';

type Moves = {
  readonly onFocus: (itemId: string) => void;
  readonly onTick: (itemId: string, isTicked: boolean) => void;
};

export function checkboxId(itemId: string): string {
  return `checklist-${itemId}`;
}

/** What should be so before the first change: proven by the console, ticked by a person, or passed by. */
export function Checklist({
  rows,
  focusedId,
  onFocus,
  onTick,
}: {
  readonly rows: readonly ChecklistRow[];
  readonly focusedId: string | null;
} & Moves): ReactNode {
  return (
    <ul className={classes['list']}>
      {rows.map((row) => (
        <Row
          key={row.item.id}
          row={row}
          isFocused={row.item.id === focusedId}
          onFocus={onFocus}
          onTick={onTick}
        />
      ))}
    </ul>
  );
}

function Row({
  row,
  isFocused,
  onFocus,
  onTick,
}: { readonly row: ChecklistRow; readonly isFocused: boolean } & Moves): ReactNode {
  const { item, tick, isProven } = row;
  const id = checkboxId(item.id);
  return (
    <li className={classes['row']} data-is-focused={isFocused} data-is-open={tick === null}>
      <span className={classes['mark']}>
        {isProven ? (
          <IconCheck size={16} stroke={2.4} aria-hidden />
        ) : (
          <input
            id={id}
            type="checkbox"
            checked={tick?.how === 'ticked'}
            onFocus={() => {
              onFocus(item.id);
            }}
            onChange={() => {
              onTick(item.id, tick === null);
            }}
            onKeyDown={(event) => {
              // Enter means nothing to a box: it is left to the screen's one next action.
              if (event.key === 'Enter') {
                event.currentTarget.blur();
              }
            }}
          />
        )}
      </span>
      <label className={classes['text']} htmlFor={isProven ? undefined : id}>
        {item.text}
      </label>
      <span className={classes['state']}>
        <State row={row} />
      </span>
      <div className={classes['note']} title={tick?.text}>
        {tick === null ? row.waitsFor : note(tick.text, tick.at, tick.by)}
      </div>
    </li>
  );
}

function note(text: string, at: string, by: string): string {
  const who = `${by === 'console' ? 'the console' : by}, ${formatTime(at)}`;
  return text === '' ? who : `${text} · ${who}`;
}

function State({ row: { item, tick } }: { readonly row: ChecklistRow }): ReactNode {
  if (tick === null) {
    return (
      <Tag tone={item.required ? 'warn' : 'dim'}>{item.required ? 'required · open' : 'open'}</Tag>
    );
  }
  if (tick.how === 'passed-by') {
    return <StatusWord tone="warn">passed by</StatusWord>;
  }
  return <StatusWord tone="ok">{tick.by === 'console' ? 'proven' : 'ticked'}</StatusWord>;
}
