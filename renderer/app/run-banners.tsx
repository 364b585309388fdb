import type { ReactNode } from 'react';
import { errorTexts, isErrorCode } from '../../shared/errors/error-texts.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { RunState } from '../../shared/run/state.js';
import type { OpenRun } from '../stores/run-store.js';
import { formatTime } from '../text/format.js';
import { gapNote } from './gap-note.js';
import { HandedOverBanner, TakenUpBanner } from './handover-banner.js';
import { takenUp } from './handover.js';
import { LeftRunBanner } from './left-run.js';
import type { ReadOnly } from './read-only.js';
import classes from './run-banners.module.css';

/** What must be known before anything else on the screen is read. */
export function RunBanners({
  view,
  readOnly,
  isLeft,
}: {
  readonly view: OpenRun;
  readonly readOnly: ReadOnly | null;
  readonly isLeft: boolean;
}): ReactNode {
  if (readOnly !== null) {
    return <Banner tone={view.problem === null ? 'warn' : 'bad'} {...readOnly} />;
  }
  const { run, records, clock, halted } = view;
  if (isLeft) {
    return run.handedOver === null ? <LeftRunBanner run={run} /> : <HandedOverBanner run={run} />;
  }
  const taken = takenUp(records, clock.session);
  const gap = gapNote(run, records);
  return (
    <>
      {halted === null ? null : <Banner tone="bad" {...haltedWords(halted)} />}
      {view.lights.map(({ name, lockedBy }) =>
        lockedBy === undefined ? null : (
          <Banner
            key={name}
            tone="bad"
            title={`${name} is locked by ${lockedBy}`}
            text="Nothing is changed there by this run. Talk to them; only when they do nothing more, break the lock with a reason (all actions)."
          />
        ),
      )}
      {run.phase === 'executing' ? <Paused paused={run.paused} /> : null}
      {taken === null ? null : <TakenUpBanner taken={taken} />}
      {gap === null ? null : <Banner tone="warn" title={gap} text="Look before going on." />}
    </>
  );
}

function haltedWords({ code, message }: ErrorJson): ReadOnly {
  const todo = isErrorCode(code) ? ` ${errorTexts[code].todo}` : '';
  return {
    title: 'The journal cannot be written. Nothing new is touched.',
    text: `${message}${/[.!?…]$/.test(message) ? '' : '.'}${todo}`,
  };
}

function Paused({ paused }: { readonly paused: RunState['paused'] }): ReactNode {
  if (paused === null) {
    return null;
  }
  const { by, at, reason } = paused;
  return (
    <Banner
      tone="warn"
      title={`Paused by ${by} at ${formatTime(at.at)}${reason === '' ? '' : `: ${reason}`}`}
      text="Nothing new can be started until somebody continues."
    />
  );
}

function Banner({ tone, title, text }: { readonly tone: 'warn' | 'bad' } & ReadOnly): ReactNode {
  return (
    <div className={classes['banner']} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <b>{title}</b>
      {/[.!?…]$/.test(title) ? ' ' : '. '}
      {text}
    </div>
  );
}
