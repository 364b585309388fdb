import type { StepContext } from './step-kind.js';

export type Countdown = {
  readonly isOver: () => boolean;
  /** Fires when the time is up or the step is stopped; for waits that are not polled. */
  readonly signal: AbortSignal;
  readonly end: () => void;
};

const tickMs = 200;

/**
 * Counts time with the step's only clock, in short ticks, so that none outlives the step by more than one and slow answers
 * count as well as pauses.
 */
export function startCountdown(context: StepContext, seconds: number): Countdown {
  const controller = new AbortController();
  let isEnded = false;
  let isOver = false;
  const count = async (): Promise<void> => {
    for (let left = seconds * 1_000; left > 0 && !isEnded; left -= tickMs) {
      await context.delay(Math.min(tickMs, left));
    }
    isOver = !isEnded;
    controller.abort();
  };
  // The signal fired: whoever waits beside this learns it from the same signal.
  count().catch(() => {
    controller.abort();
  });
  return {
    isOver: () => isOver,
    signal: AbortSignal.any([context.signal, controller.signal]),
    end: () => {
      isEnded = true;
    },
  };
}
