import type { ReactNode } from 'react';
import classes from './evidence-form.module.css';

/** Name, value, and below the value where it came from. The note's line is always there: nothing jumps. */
export function FieldRow({
  label,
  inputId,
  note,
  isWrong,
  children,
}: {
  readonly label: string;
  readonly inputId: string;
  readonly note: ReactNode;
  readonly isWrong?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes['row']}>
      <label htmlFor={inputId}>{label}</label>
      <div className={classes['control']}>{children}</div>
      <div id={`${inputId}-note`} className={classes['note']} data-is-wrong={isWrong === true}>
        {note}
      </div>
    </div>
  );
}
