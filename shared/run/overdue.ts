import { secondsBetween } from '../metrics/time.js';
import type { RunEvent } from './events.js';
import { busyStep } from './select.js';
import type { Moment, RunState } from './state.js';

/** A step that says nothing for this long, or for its whole estimate if that is longer, is asked about. */
export const SILENCE_SECONDS = 60;

/** What the operator is to be asked about now; null when all goes as it should. A step is never ended by this. */
export function overdueOf(
  state: RunState,
  now: Moment,
  lastWordAt: Moment | null,
): RunEvent | null {
  const step = busyStep(state);
  if (step?.status !== 'running' || step.overdue !== null || step.startedAt === null) {
    return null;
  }
  const { id: stepId, estimateSeconds, deadlineSeconds } = step.plan;
  const since = step.keptWaitingAt ?? step.startedAt;
  const ran = secondsBetween(since, now);
  if (ran > deadlineSeconds) {
    const seconds = secondsBetween(step.startedAt, now);
    return { type: 'step.overdue', stepId, what: 'deadline', seconds };
  }
  const silent = Math.min(ran, lastWordAt === null ? ran : secondsBetween(lastWordAt, now));
  return silent > Math.max(SILENCE_SECONDS, estimateSeconds)
    ? { type: 'step.overdue', stepId, what: 'silence', seconds: silent }
    : null;
}

/** Wall and monotonic time part by more than this only when the machine slept or its clock was set. */
const TOLERATED_SECONDS = 2;

/** Two readings of one session's clocks. Null while they agree. */
export function clockJump(before: Moment, now: Moment): RunEvent | null {
  if (before.session !== now.session) {
    return null;
  }
  const wallSeconds = (Date.parse(now.at) - Date.parse(before.at)) / 1_000;
  const monotonicSeconds = Math.max(0, now.monotonicMs - before.monotonicMs) / 1_000;
  return Math.abs(wallSeconds - monotonicSeconds) > TOLERATED_SECONDS
    ? { type: 'clock.jumped', wallSeconds, monotonicSeconds }
    : null;
}
