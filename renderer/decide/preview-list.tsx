import type { ReactNode } from 'react';
import type { PreviewItem } from '../../shared/plan/target.js';
import { Age } from '../ui/age.js';
import { StatusWord } from '../ui/status-word.js';
import type { StatusSign, Tone } from '../ui/status-word.js';
import classes from './preview-list.module.css';

const signs = {
  green: { tone: 'ok', sign: 'done', word: 'in place' },
  amber: { tone: 'warn', sign: 'warning', word: 'look here' },
  red: { tone: 'bad', sign: 'wrong', word: 'missing' },
} as const satisfies Record<
  PreviewItem['state'],
  { readonly tone: Tone; readonly sign: StatusSign; readonly word: string }
>;

/** "Can I still go back?", piece by piece, each with the age of its evidence. */
export function PreviewList({ items }: { readonly items: readonly PreviewItem[] }): ReactNode {
  return (
    <>
      <div className={classes['summary']}>{previewSummary(items)}</div>
      <ul className={classes['list']}>
        {items.map(({ id, title, state, text, checkedAt }) => (
          <li key={id} className={classes['item']}>
            <StatusWord tone={signs[state].tone} sign={signs[state].sign}>
              {signs[state].word}
            </StatusWord>
            <span>
              <b>{title}</b>
              <span className={classes['text']}>{text}</span>
            </span>
            <span className={classes['age']}>
              <Age at={checkedAt} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** One sentence over the whole preview. */
export function previewSummary(items: readonly PreviewItem[]): string {
  const red = items.filter(({ state }) => state === 'red');
  const amber = items.filter(({ state }) => state === 'amber');
  if (red.length > 0) {
    return `Not as it is: ${red.map(({ title }) => title.toLowerCase()).join(', ')}.`;
  }
  return amber.length > 0
    ? `Yes, with care: ${amber.map(({ title }) => title.toLowerCase()).join(', ')}.`
    : 'Yes: everything that was looked at is in place.';
}
