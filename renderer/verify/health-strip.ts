import type { ServingState } from '../../shared/run/facts.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import type { HealthSpan, Moment } from '../../shared/run/state.js';

export type StripPart = {
  readonly state: ServingState;
  /** Parts of the whole axis, 0 to 1. */
  readonly left: number;
  readonly width: number;
};

/** The measured states on the charts' own time axis; `zero` is the moment the watch began. */
export function stripParts(
  health: readonly HealthSpan[],
  zero: Moment,
  axis: { readonly from: number; readonly to: number; readonly until: number },
): readonly StripPart[] {
  const at = (moment: Moment): number =>
    secondsBetween(zero, moment) - secondsBetween(moment, zero);
  const length = axis.to - axis.from;
  return health.flatMap(({ state, since }, index) => {
    const next = health[index + 1];
    const begin = Math.max(axis.from, at(since));
    const end = Math.min(axis.until, next === undefined ? axis.until : at(next.since));
    return end <= begin
      ? []
      : [{ state, left: (begin - axis.from) / length, width: (end - begin) / length }];
  });
}
