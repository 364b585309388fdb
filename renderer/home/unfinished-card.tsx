import type { ReactNode } from 'react';
import type { RunSummary } from '../../shared/ipc/views.js';
import { describeOwner } from '../../shared/run/owner-words.js';
import { formatAge, formatDateTime, tierWords } from '../text/format.js';
import { StatusWord } from '../ui/status-word.js';
import classes from './home.module.css';

/** A run that has not been brought to its end. */
export function UnfinishedCard({
  run,
  nowMs,
}: {
  readonly run: RunSummary;
  readonly nowMs: number;
}): ReactNode {
  const { tier, environment } = run;
  return (
    <div className={classes['card']} data-tone="warn">
      <div className={classes['band']} data-tier={tier}>
        {tierWords[tier]}
      </div>
      <div className={classes['body']}>
        <div className={classes['names']}>
          <b>
            {run.kind === 'drill' ? 'Drill' : 'Incident'} of {run.service}
          </b>
          {environment === tier ? null : <span>on {environment}</span>}
          <span className={classes['mono']}>
            {run.fromVersion ?? '?'} → {run.toVersion ?? '?'}
          </span>
        </div>
        <div className={classes['dim']}>
          {run.phase} · begun {formatAge(run.startedAt, nowMs)} ({formatDateTime(run.startedAt)}) by{' '}
          {run.operator}
        </div>
        {run.unknownSteps.map((title) => (
          <StatusWord key={title} tone="warn" sign="unknown">
            “{title}” is unknown: look before anything
          </StatusWord>
        ))}
        <Standing run={run} />
      </div>
    </div>
  );
}

/** Who drives it, or why nobody can. */
function Standing({ run }: { readonly run: RunSummary }): ReactNode {
  if (run.problem !== null) {
    return (
      <>
        <StatusWord tone="bad" sign="wrong">
          its journal is broken: it can only be read
        </StatusWord>
        <div className={classes['dim']}>{run.problem}</div>
      </>
    );
  }
  if (run.owner !== null) {
    const { since, ...owner } = run.owner;
    return (
      <>
        <StatusWord tone="accent" sign="running">
          another console drives it: here it is only read
        </StatusWord>
        <div className={classes['dim']}>
          {describeOwner({ ...owner, since: formatDateTime(since) })}
        </div>
      </>
    );
  }
  return run.isAttached ? (
    <StatusWord tone="accent" sign="running">
      open in this window
    </StatusWord>
  ) : (
    <div className={classes['dim']}>
      {run.phase.startsWith('handed over')
        ? 'Here it is only read; it can be taken back.'
        : 'Left by a console that ended. Nothing has been done since.'}
    </div>
  );
}
