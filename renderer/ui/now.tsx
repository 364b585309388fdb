import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { Moment } from '../../shared/run/state.js';

const TICK_MS = 250;

/** One timer for every clock on the page; it runs only while a clock is shown. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let ticks = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    ticks += 1;
    for (const tell of listeners) {
      tell();
    }
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function pageNow(): Moment {
  return { at: new Date().toISOString(), monotonicMs: performance.now(), session: '' };
}

const NowContext = createContext<() => Moment>(pageNow);

export function NowProvider({
  now,
  children,
}: {
  readonly now: () => Moment;
  readonly children: ReactNode;
}): ReactNode {
  return <NowContext.Provider value={now}>{children}</NowContext.Provider>;
}

/** The moment now, on main's clocks; renders again four times a second. Use it in leaves only. */
export function useNow(): Moment {
  useSyncExternalStore(subscribe, () => ticks);
  return useContext(NowContext)();
}
