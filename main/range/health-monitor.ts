import { fromMilliseconds } from './clock.js';
import type { RangeClock } from './clock.js';
import type { Pace } from './pace.js';
import type { Healthcheck } from './healthcheck.js';

export type HealthStatus = 'starting' | 'healthy' | 'unhealthy';

export type HealthState = {
  readonly Status: HealthStatus;
  readonly FailingStreak: number;
  readonly Log: readonly { Start: string; End: string; ExitCode: number; Output: string }[];
};

export type HealthMonitor = { readonly state: () => HealthState; readonly stop: () => void };

type Parts = {
  readonly clock: RangeClock;
  readonly pace: Pace;
  readonly isWell: () => boolean;
  readonly onChange: (status: HealthStatus) => void;
};

/** Null when the container has no health check, or has it switched off. */
export function watchHealth(
  healthcheck: Healthcheck | null | undefined,
  first: HealthStatus,
  { clock, pace, isWell, onChange }: Parts,
): HealthMonitor | null {
  const test = healthcheck?.Test ?? [];
  if (test.length === 0 || test[0] === 'NONE') {
    return null;
  }
  const intervalMs = Math.max(100, (healthcheck?.Interval ?? 30_000_000_000) / 1_000_000);
  const retries = healthcheck?.Retries ?? 3;
  let state: HealthState = {
    Status: first,
    FailingStreak: first === 'unhealthy' ? retries : 0,
    Log: [],
  };
  let cancel = (): void => undefined;
  const check = (): void => {
    const isGood = isWell();
    const streak = isGood ? 0 : state.FailingStreak + 1;
    const status = isGood ? 'healthy' : streak >= retries ? 'unhealthy' : state.Status;
    const at = fromMilliseconds(clock.nowMs());
    const entry = { Start: at, End: at, ExitCode: isGood ? 0 : 1, Output: '' };
    const hasChanged = status !== state.Status;
    state = { Status: status, FailingStreak: streak, Log: [...state.Log, entry].slice(-5) };
    if (hasChanged) {
      onChange(status);
    }
    cancel = pace.after(intervalMs, check);
  };
  cancel = pace.after(intervalMs, check);
  return {
    state: () => state,
    stop: () => {
      cancel();
    },
  };
}
