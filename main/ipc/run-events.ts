import { toErrorJson } from '../../shared/errors/app-error.js';
import type { Push } from './push.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import type { RunEvents } from '../runs/run-events.js';

/** What of the desktop is told. */
export type Desktop = {
  readonly push: Push;
  readonly notify: (notice: { readonly title: string; readonly body: string }) => void;
  /** True while a run is open. */
  readonly keepAwake: (isNeeded: boolean) => void;
};

/** Passes on to the window what runs tell, and to the desktop what an operator in another window must hear. */
export function createRunEvents(
  shell: Desktop,
  stateOf: (runId: RunId) => RunState | null,
): RunEvents {
  const open = new Set<RunId>();
  return {
    appended: (record) => {
      shell.push('runs.appended', record);
      if (!open.has(record.runId) && record.event.type !== 'run.closed') {
        open.add(record.runId);
        shell.keepAwake(true);
      }
      const notice = noticeOf(record, stateOf(record.runId));
      if (notice !== null) {
        shell.notify(notice);
      }
    },
    probed: (runId, probe) => {
      shell.push('runs.probed', { runId, probe });
    },
    lit: (runId, lights) => {
      shell.push('runs.lit', { runId, lights: [...lights] });
    },
    logged: (runId, source, from, entries) => {
      shell.push('logs.appended', { runId, source, from, entries: [...entries] });
    },
    halted: (runId, error) => {
      shell.push('runs.halted', { runId, error: error === null ? null : toErrorJson(error) });
    },
    due: (runId, messageIds) => {
      const service = stateOf(runId)?.started?.runbook.service.name ?? 'Lastgood';
      const body =
        messageIds.length === 1 ? 'One message is due.' : `${messageIds.length} messages are due.`;
      shell.notify({ title: `${service}: people wait for word`, body });
    },
    closed: (runId) => {
      open.delete(runId);
      shell.keepAwake(open.size > 0);
    },
  };
}

function noticeOf(
  { event }: RunRecord,
  state: RunState | null,
): { title: string; body: string } | null {
  const service = state?.started?.runbook.service.name ?? 'Lastgood';
  switch (event.type) {
    case 'step.failed':
      return { title: `${service}: a step failed`, body: event.error.message };
    case 'step.unknown':
      return { title: `${service}: an outcome is unknown`, body: event.reason };
    case 'watch.ended':
      return {
        title: `${service}: the watch ended: ${event.verdict}`,
        body: event.reasons.join(' '),
      };
    default:
      return null;
  }
}
