import type { Moment, RunState } from '../../shared/run/state.js';
import { secondsBetween } from '../ui/now.js';

/** When the rollback clock stopped, or null while it runs. */
export function clockEnd(run: RunState): Moment | null {
  return run.completedAt ?? run.rolledForwardAt ?? run.closed?.at ?? null;
}

/** Seconds for which the probe got no answer at all, up to now. */
export function downSeconds(run: RunState, now: Moment): number {
  const end = run.closed?.at ?? now;
  return run.health.reduce((sum, span, index) => {
    const until = run.health[index + 1]?.since ?? end;
    return span.state === 'down' ? sum + secondsBetween(span.since, until) : sum;
  }, 0);
}

export type UpdateDue =
  | { readonly status: 'none' }
  | { readonly status: 'due'; readonly inSeconds: number };
