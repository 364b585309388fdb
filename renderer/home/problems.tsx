import type { ReactNode } from 'react';
import type { RunbookProblem } from '../../shared/ipc/views.js';
import { Card } from '../ui/card.js';
import classes from './home.module.css';

/** Runbook files that cannot be used, with the place to correct. */
export function Problems({
  problems,
}: {
  readonly problems: readonly RunbookProblem[];
}): ReactNode {
  return (
    <Card
      tone="bad"
      title={`${problems.length} runbook problem${problems.length === 1 ? '' : 's'}`}
    >
      <ul className={classes['problems']}>
        {problems.map(({ file, line, column, message }) => (
          <li key={`${file}:${line ?? 0}:${column ?? 0}:${message}`}>
            <code>
              {file}
              {line === null ? '' : `:${line}`}
              {line === null || column === null ? '' : `:${column}`}
            </code>
            <span>{message}</span>
          </li>
        ))}
      </ul>
      <div className={classes['dim']}>
        These files are left out until they are corrected. They are read again when they change.
      </div>
    </Card>
  );
}
