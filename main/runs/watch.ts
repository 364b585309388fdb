import type { WatchSample } from '../../shared/run/facts.js';
import { judgeWatch } from '../../shared/run/judge-watch.js';
import type { RunEvent } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import type { Moment } from '../../shared/run/state.js';

export type WatchDeps = {
  readonly look: () => Omit<WatchSample, 'atSeconds'>;
  readonly note: (choose: (state: RunState) => readonly RunEvent[]) => Promise<void>;
  readonly now: () => Moment;
  /** Rejects when the signal fires. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Looks at the target in even steps until the watch is over, then judges. Reads only. After a break it goes on where
 * the clock is, and the gap counts: a watch that slept has not watched.
 */
export async function keepWatch(deps: WatchDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const sample = deps.look();
    const next: { pauseMs: number | null } = { pauseMs: null };
    await deps.note((state) => {
      const { watch } = state;
      if (watch === null || watch.ended !== null) {
        return [];
      }
      const atSeconds = secondsBetween(watch.startedAt, deps.now());
      const sampled: RunEvent = { type: 'watch.sampled', sample: { ...sample, atSeconds } };
      if (atSeconds >= watch.seconds) {
        const samples = [...watch.samples, sampled.sample];
        return [sampled, { type: 'watch.ended', ...judge(samples, state), endedBy: null }];
      }
      next.pauseMs = Math.min(watch.intervalSeconds, watch.seconds - atSeconds) * 1_000;
      return [sampled];
    });
    if (next.pauseMs === null) {
      return;
    }
    await deps.delay(next.pauseMs, signal);
  }
}

function judge(samples: readonly WatchSample[], { watch, baseline }: RunState) {
  const { verdict, reasons } = judgeWatch(
    samples,
    { seconds: watch?.seconds ?? 0, intervalSeconds: watch?.intervalSeconds ?? 0 },
    baseline,
  );
  return { verdict, reasons: [...reasons] };
}
