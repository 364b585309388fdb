import type { ReactNode } from 'react';
import { ActionBar } from './actions/action-bar.js';
import classes from './stage-layout.module.css';

/**
 * The place every stage is laid out in: work that scrolls, the action bar that does not, and evidence at the
 * right (below 1100 px: under the work).
 */
export function StageLayout({
  evidence,
  children,
}: {
  readonly evidence?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes['stage']} data-has-evidence={evidence !== undefined}>
      <section className={classes['work']}>
        <div className={classes['scroll']}>{children}</div>
      </section>
      {evidence === undefined ? null : <aside className={classes['evidence']}>{evidence}</aside>}
      <div className={classes['actions']}>
        <ActionBar />
      </div>
    </div>
  );
}
