import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { JournalProblem, Light, Probe } from '../../shared/ipc/views.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { reduce } from '../../shared/run/reduce.js';
import type { RunOwner } from '../../shared/run/run-owner.js';
import type { RunState } from '../../shared/run/state.js';
import type { PageClock } from './page-clock.js';

export type OpenRun = {
  readonly status: 'open';
  readonly runId: RunId;
  readonly run: RunState;
  /** The newest of those folded into `run`, for the timeline. */
  readonly records: readonly RunRecord[];
  /** What older ones are asked for with; 0 where `records` go back to the start. */
  readonly older: number;
  /** False for a run that another console left behind: it can be read, not driven. */
  readonly isAttached: boolean;
  /** Which other process drives it. */
  readonly owner: RunOwner | null;
  /** Where its journal breaks; `records` end before that. */
  readonly problem: JournalProblem | null;
  /** Why nothing can be written down now, so nothing new is touched. */
  readonly halted: ErrorJson | null;
  readonly lights: readonly Light[];
  readonly probe: Probe | null;
  readonly clock: PageClock;
};

export type RunView =
  | { readonly status: 'closed' }
  | { readonly status: 'loading'; readonly runId: RunId }
  | { readonly status: 'unreadable'; readonly runId: RunId; readonly error: ErrorJson }
  | OpenRun;

export function fold(view: OpenRun, added: readonly RunRecord[]): OpenRun {
  return {
    ...view,
    run: added.reduce(reduce, view.run),
    records: [...view.records, ...added],
  };
}
