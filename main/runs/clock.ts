import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.js';
import type { Moment } from '../../shared/run/state.js';

/** One process's clocks. The monotonic one is comparable only within `session`. */
export type Clock = {
  readonly session: string;
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly moment: () => Moment;
  /** Rejects with STEP_STOPPED when the signal fires. */
  readonly delay: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

export function createClock(): Clock {
  const session = randomUUID();
  const now = (): string => new Date().toISOString();
  const monotonicMs = (): number => Math.round(performance.now() * 1_000) / 1_000;
  return {
    session,
    now,
    monotonicMs,
    moment: () => ({ at: now(), monotonicMs: monotonicMs(), session }),
    delay,
  };
}

function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new AppError('STEP_STOPPED', 'Stopped by the operator.'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) {
      stop();
      return;
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}
