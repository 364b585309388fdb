import type { ReactNode } from 'react';
import type { RunMode } from '../../shared/run/events.js';
import type { OpenRun } from '../stores/run-store.js';
import { count, formatTime } from '../text/format.js';

const modeWords = {
  step: 'step by step',
  gate: 'to the next gate',
  unattended: 'unattended',
} as const satisfies Record<RunMode, string>;

/** What kind of run this is, who ordered it, and how much of it is safe on disk. */
export function RunFooter({ view }: { readonly view: OpenRun }): ReactNode {
  const { run } = view;
  if (run.started === null) {
    return null;
  }
  const kind = run.started.kind === 'drill' ? 'Drill' : 'Incident';
  const ordered =
    run.order === null
      ? `started by ${run.started.operator}, ${formatTime(run.started.at.at)}`
      : `ordered by ${run.order.authority}, ${formatTime(run.order.at.at)}`;
  return (
    <>
      <span>
        {kind} {run.started.runId.slice(0, 8)} · {ordered}
      </span>
      {view.isAttached && run.phase === 'executing' ? (
        <span>mode: {modeWords[run.mode]}</span>
      ) : null}
      <span>journal: {count(run.lastSeq + 1, 'record')} on disk</span>
    </>
  );
}
