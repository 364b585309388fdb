import type { Moment } from '../run/state.js';

/**
 * Seconds from one moment to a later one. Within one session the monotonic clock counts, so a wall clock that is set
 * changes nothing. Across sessions only the wall clock is left, and it is never believed to run backwards.
 */
export function secondsBetween(from: Moment, to: Moment): number {
  return Math.max(0, rawMilliseconds(from, to)) / 1000;
}

export function isBefore(left: Moment, right: Moment): boolean {
  return rawMilliseconds(left, right) > 0;
}

export function laterOf(left: Moment, right: Moment): Moment {
  return isBefore(left, right) ? right : left;
}

export function earlierOf(left: Moment, right: Moment): Moment {
  return isBefore(right, left) ? right : left;
}

function rawMilliseconds(from: Moment, to: Moment): number {
  return from.session === to.session
    ? to.monotonicMs - from.monotonicMs
    : Date.parse(to.at) - Date.parse(from.at);
}
