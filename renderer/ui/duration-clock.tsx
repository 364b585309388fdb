import type { ReactNode } from 'react';
import { formatMeasured } from '../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import type { Moment } from '../../shared/run/state.js';
import { useNow } from './now.js';

/** `03:12`, `1:02:03`: a length that may be growing under the eye. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3_600);
  const pad = (part: number): string => String(part).padStart(2, '0');
  const tail = `${pad(Math.floor((whole % 3_600) / 60))}:${pad(whole % 60)}`;
  return hours === 0 ? tail : `${hours}:${tail}`;
}

/** A length that is over: `0.6 s`, `03:12`. */
export function measuredText(seconds: number): string {
  return seconds < 9.95 ? formatMeasured(seconds) : clockText(seconds);
}

/** Counts from `from` until `to`, or until now while `to` is null. */
export function DurationClock({
  from,
  to,
}: {
  readonly from: Moment;
  readonly to: Moment | null;
}): ReactNode {
  return to === null ? <Ticking from={from} /> : measuredText(secondsBetween(from, to));
}

function Ticking({ from }: { readonly from: Moment }): ReactNode {
  return clockText(secondsBetween(from, useNow()));
}
