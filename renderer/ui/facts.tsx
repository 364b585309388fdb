import type { ReactNode } from 'react';
import classes from './facts.module.css';

export type Fact = { readonly name: string; readonly value: ReactNode };

/** Names at the left, what is known at the right. Rows keep their place; an unknown value says so. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className={classes['facts']}>
      {facts.map(({ name, value }) => (
        <div key={name} className={classes['row']}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
