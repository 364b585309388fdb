import type { ReactNode } from 'react';
import type { Action, StageActions } from '../actions/action.js';
import { KeyHint } from '../key-hint.js';
import classes from './step.module.css';

export type Move = { readonly key: string; readonly label: string; readonly text: string };

/** What the bar offers and says in more words, the next thing first. */
export function movesOf({ primary, others }: StageActions): readonly Move[] {
  const offered: readonly Action[] = [...(primary === null ? [] : [primary]), ...others];
  return offered.flatMap(({ label, detail, key }) =>
    detail === undefined || key === null ? [] : [{ key, label, text: detail }],
  );
}

/** The legal moves in words; they are the buttons of the action bar. */
export function Moves({ moves }: { readonly moves: readonly Move[] }): ReactNode {
  return moves.length === 0 ? null : (
    <dl className={classes['moves']}>
      {moves.map(({ key, label, text }) => (
        <div key={label}>
          <span>
            <KeyHint name={key} />
          </span>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
