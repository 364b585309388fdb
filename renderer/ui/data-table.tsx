import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export type Heading = {
  readonly text: string;
  readonly align?: 'right';
  /** Named for readers of the screen aloud, not shown. */
  readonly isHidden?: boolean;
};

/** Rows and columns in the page's one manner; the caller gives the rows. */
export function DataTable({
  label,
  headings,
  children,
}: {
  readonly label: string;
  readonly headings: readonly Heading[];
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes['frame']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            {headings.map(({ text, align, isHidden }) => (
              <th key={text} scope="col" data-align={align}>
                {isHidden === true ? <span className={classes['hidden']}>{text}</span> : text}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

/** Words for readers of the screen aloud, where the eye has another sign. */
export function HiddenWords({ children }: { readonly children: ReactNode }): ReactNode {
  return <span className={classes['hidden']}>{children}</span>;
}
