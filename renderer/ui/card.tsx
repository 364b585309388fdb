import type { ReactNode } from 'react';
import classes from './card.module.css';

/** A box of things that belong together. `tone` colours its left edge where it says good or bad news. */
export function Card({
  title,
  aside,
  tone,
  children,
}: {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly tone?: 'ok' | 'warn' | 'bad' | 'accent';
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={classes['card']} data-tone={tone}>
      {title === undefined ? null : (
        <header className={classes['head']}>
          <h2 className={classes['title']}>{title}</h2>
          <div className={classes['aside']}>{aside}</div>
        </header>
      )}
      {children}
    </section>
  );
}

/** A heading with what follows it, without a box. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={classes['section']}>
      <header className={classes['head']}>
        <h2 className={classes['title']}>{title}</h2>
        <div className={classes['aside']}>{aside}</div>
      </header>
      {children}
    </section>
  );
}

/** The sentence a screen begins with. */
export function ScreenTitle({
  eyebrow,
  children,
}: {
  readonly eyebrow?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <header>
      {eyebrow === undefined ? null : <div className={classes['eyebrow']}>{eyebrow}</div>}
      <h1 className={classes['screen']}>{children}</h1>
    </header>
  );
}
