import type { Clock } from '../../shared/ipc/views.js';
import type { Moment } from '../../shared/run/state.js';

/** Where main's clocks stood at one reading of the page's own, so that meters agree with the journal. */
export type PageClock = {
  readonly wallOffsetMs: number;
  readonly monotonicOffsetMs: number;
  readonly session: string;
};

export type PageTime = { readonly wallMs: number; readonly monotonicMs: number };

export function readPageTime(): PageTime {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}

export function alignClock(clock: Clock, page: PageTime): PageClock {
  return {
    wallOffsetMs: Date.parse(clock.at) - page.wallMs,
    monotonicOffsetMs: clock.monotonicMs - page.monotonicMs,
    session: clock.session,
  };
}

export function momentAt(clock: PageClock, page: PageTime): Moment {
  return {
    at: new Date(page.wallMs + clock.wallOffsetMs).toISOString(),
    monotonicMs: page.monotonicMs + clock.monotonicOffsetMs,
    session: clock.session,
  };
}
