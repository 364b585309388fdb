import type { ReactNode } from 'react';
import type { Light, Probe } from '../../shared/ipc/views.js';
import { messagesDue } from '../../shared/messages/due.js';
import { endOf, figures } from '../../shared/metrics/figures.js';
import type { Moment, RunState } from '../../shared/run/state.js';
import { tierWords } from '../text/format.js';
import { clockText, measuredText } from '../ui/duration-clock.js';
import { useNow } from '../ui/now.js';
import { healthLight } from './health-light.js';
import { lightState, lightText, lightTitle } from './light-words.js';
import classes from './strip.module.css';

/** The instruments: where we are, what serves, and the three clocks. Visible on every stage. */
export function Strip({
  run,
  lights,
  probe,
  isAttached,
}: {
  readonly run: RunState;
  readonly lights: readonly Light[];
  readonly probe: Probe | null;
  readonly isAttached: boolean;
}): ReactNode {
  const { started } = run;
  if (started === null) {
    return <header className={classes['strip']} />;
  }
  const { tier, name } = started.environment;
  return (
    <header className={classes['strip']}>
      <div className={classes['band']} data-tier={tier}>
        <span>{tierWords[tier]}</span>
        {tier === 'practice' ? <small>nothing here is real</small> : null}
      </div>
      <div className={classes['service']}>
        <div className={classes['names']}>
          <b>{started.runbook.service.name}</b>
          <span className={classes['versions']}>
            {run.from?.version ?? '?'} → {run.target?.version ?? '?'}
          </span>
          {name === tier ? null : <span>on {name}</span>}
        </div>
        <div className={classes['lights']}>
          {isAttached ? (
            <>
              {lights.map((light) => (
                <LightWord key={light.name} light={light} />
              ))}
              {probe === null ? null : <LightWord light={healthLight(run, probe)} isWhole />}
            </>
          ) : (
            <span>not connected: this run is only being read</span>
          )}
        </div>
      </div>
      <Meters run={run} isAttached={isAttached} />
    </header>
  );
}

function LightWord({
  light,
  isWhole = false,
}: {
  readonly light: Light;
  /** Its words are few, and others give way to them. */
  readonly isWhole?: boolean;
}): ReactNode {
  return (
    <span className={classes['light']} data-whole={isWhole} title={lightTitle(light)}>
      <i data-state={lightState(light)} />
      {lightText(light)}
    </span>
  );
}

function Meters({
  run,
  isAttached,
}: {
  readonly run: RunState;
  readonly isAttached: boolean;
}): ReactNode {
  const now = useNow();
  // Nobody measures a run that was left: its clocks stand where its last record is.
  const at = isAttached ? now : (run.lastAt ?? now);
  return (
    <div className={classes['meters']}>
      <Meter name={clockName(run)} value={clockValue(run, at)} />
      <DownMeter run={run} at={at} />
      <DueMeter run={run} at={at} />
    </div>
  );
}

function clockName(run: RunState): string {
  if (run.completedAt !== null) {
    return 'Rolled back in';
  }
  if (run.rolledForwardAt !== null) {
    return 'Rolled forward after';
  }
  return run.rollForward === null ? 'Rollback clock' : 'Rolling forward';
}

function clockValue(run: RunState, at: Moment): string {
  const { order } = run;
  if (order === null) {
    return 'not started';
  }
  const over = endOf(run);
  const end = over ?? at;
  const { rollbackSeconds } = figures(run, end);
  const seconds = rollbackSeconds ?? (Date.parse(end.at) - Date.parse(order.at.at)) / 1_000;
  return over === null ? clockText(seconds) : measuredText(seconds);
}

function DownMeter({ run, at }: { readonly run: RunState; readonly at: Moment }): ReactNode {
  const state = run.health.at(-1)?.state ?? 'not-measured';
  const seconds = figures(run, at).downtimeSeconds;
  if (seconds === null) {
    return <Meter name="Service" value={state.replace('-', ' ')} tone={stateTones[state]} />;
  }
  const isDown = state === 'down' && endOf(run) === null;
  return (
    <Meter
      name={isDown ? 'Down now' : 'Was down'}
      value={isDown ? clockText(seconds) : measuredText(seconds)}
      tone={isDown ? 'bad' : undefined}
    />
  );
}

const stateTones = {
  serving: undefined,
  unhealthy: 'warn',
  down: 'bad',
  'not-measured': undefined,
} as const;

function DueMeter({ run, at }: { readonly run: RunState; readonly at: Moment }): ReactNode {
  const { secondsUntilDue: due } = messagesDue(run, at);
  if (due === null) {
    return <Meter name="Update due" value="–" />;
  }
  return due < 0 ? (
    <Meter name="Update late by" value={clockText(-due)} tone="bad" />
  ) : (
    <Meter name="Update due in" value={clockText(due)} tone={due < 60 ? 'warn' : undefined} />
  );
}

function Meter({
  name,
  value,
  tone,
}: {
  readonly name: string;
  readonly value: string;
  readonly tone?: 'warn' | 'bad' | undefined;
}): ReactNode {
  const isWord = !/\d/.test(value);
  return (
    <div className={classes['meter']} data-tone={tone} data-is-word={isWord}>
      <span>{name}</span>
      <b>{value}</b>
    </div>
  );
}
