import type { ReactNode } from 'react';
import { KeyHint } from '../ui/key-hint.js';
import classes from './frame.module.css';

/** Same place, same meaning: strip on top, stages at the left, work in the middle, the journal's line below. */
export function Frame({
  strip,
  nav,
  banner,
  footer,
  children,
}: {
  readonly strip?: ReactNode;
  readonly nav?: ReactNode;
  readonly banner?: ReactNode;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes['frame']}>
      {strip ?? (
        <header className={classes['plain']}>
          <b>Lastgood</b>
          <span>from “something is wrong” back to the last known good version</span>
        </header>
      )}
      <main className={classes['main']} data-has-nav={nav !== undefined}>
        {nav}
        <div className={classes['stage']}>
          {banner}
          <div className={classes['content']}>{children}</div>
        </div>
      </main>
      <footer className={classes['footer']}>
        {footer}
        <span className={classes['keys']}>
          <span>
            <KeyHint name="Mod+K" /> all actions
          </span>
          <span>
            <KeyHint name="?" /> keys
          </span>
        </span>
      </footer>
    </div>
  );
}
