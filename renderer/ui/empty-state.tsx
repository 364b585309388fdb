import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** Nothing here, said on purpose: what would stand here, and how it gets here. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className={classes['empty']}>
      <b>{title}</b>
      {children === undefined ? null : <div>{children}</div>}
    </div>
  );
}
