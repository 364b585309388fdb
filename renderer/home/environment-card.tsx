import type { ReactNode } from 'react';
import { tierWords } from '../text/format.js';
import { StatusWord } from '../ui/status-word.js';
import type { EnvironmentItem } from './home-items.js';
import classes from './home.module.css';
import { drillWords, dueWords, outcomeWords } from './readiness.js';

/** One service in one place, and how ready we are to bring it back there. */
export function EnvironmentCardView({
  item: { service, environment },
  nowMs,
}: {
  readonly item: EnvironmentItem;
  readonly nowMs: number;
}): ReactNode {
  const due = dueWords(environment);
  const { lastIncident } = environment;
  return (
    <div className={classes['card']}>
      <div className={classes['band']} data-tier={environment.tier}>
        {tierWords[environment.tier]}
      </div>
      <div className={classes['body']}>
        <div className={classes['names']}>
          <b>{service.service}</b>
          {environment.name === environment.tier ? null : <span>on {environment.name}</span>}
        </div>
        <div className={classes['dim']}>
          {environment.tier === 'practice'
            ? 'built in; nothing here is real'
            : placeOf(environment)}
        </div>
        <div className={classes['ready']}>
          <span>{drillWords(environment, nowMs)}</span>
          <StatusWord tone={due.tone} sign={due.tone === 'ok' ? 'done' : 'warning'}>
            {due.text}
          </StatusWord>
        </div>
        {environment.tier === 'practice' ? null : (
          <div className={classes['dim']}>
            {lastIncident === null
              ? 'no incident on record'
              : `last incident: ${outcomeWords(lastIncident.outcome).text}`}
          </div>
        )}
        {environment.openRunId === null ? null : (
          <StatusWord tone="warn" sign="running">
            a run is open here
          </StatusWord>
        )}
      </div>
    </div>
  );
}

function placeOf({ url, hosts }: EnvironmentItem['environment']): string {
  return hosts.length === 0 ? url : `${url} · ${hosts.map(({ name }) => name).join(', ')}`;
}
