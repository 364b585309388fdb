import { count, times } from '../count.js';
import type { Baseline, WatchSample, WatchVerdict } from './facts.js';

export type WatchJudgement = {
  readonly verdict: WatchVerdict;
  readonly reasons: readonly string[];
};

/** A pause longer than this many intervals is a gap: nobody looked meanwhile. */
const GAP_INTERVALS = 3;
/** Measuring a container takes an engine up to two seconds: until here a look was slow, not missing. */
const SLOW_LOOK_SECONDS = 5;
/** More than this part of the watch unseen, and it proves nothing. */
const TOLERATED_GAP = 0.1;
const SLOWER_THAN_BASELINE = 2;

/**
 * Fail: something was seen that must not be. Inconclusive: too little was seen. Pass: enough was seen and all of it
 * was well. A fault that was seen weighs more than a gap.
 */
export function judgeWatch(
  samples: readonly WatchSample[],
  length: { readonly seconds: number; readonly intervalSeconds: number },
  baseline: Baseline | null,
): WatchJudgement {
  const faults = findFaults(samples, baseline);
  if (faults.length > 0) {
    return { verdict: 'fail', reasons: faults };
  }
  const gap = gapSeconds(samples, length);
  if (samples.length === 0 || gap > length.seconds * TOLERATED_GAP) {
    const reason = `For ${String(Math.round(gap))} of ${String(Math.round(length.seconds))} s nobody looked.`;
    return { verdict: 'inconclusive', reasons: [reason] };
  }
  const looks = samples.length === 1 ? 'The only look' : `All ${String(samples.length)} looks`;
  return {
    verdict: 'pass',
    reasons: [`${looks} found it serving, without restarts or new errors.`],
  };
}

function findFaults(samples: readonly WatchSample[], baseline: Baseline | null): string[] {
  const faults: string[] = [];
  const bad = samples.filter(({ serving }) => serving === 'down' || serving === 'unhealthy');
  if (bad.length > 0) {
    faults.push(`${String(bad.length)} of ${count(samples.length, 'look')} found it not serving.`);
  }
  const counts = samples.flatMap(({ restarts }) => (restarts === null ? [] : [restarts]));
  const restarts = (counts.at(-1) ?? 0) - (counts[0] ?? 0);
  if (restarts > 0) {
    faults.push(`It restarted ${times(restarts)}.`);
  }
  const errors = samples.reduce((sum, { newErrorLines }) => sum + newErrorLines, 0);
  if (errors > 0) {
    faults.push(`${count(errors, 'error line')} appeared in its log.`);
  }
  const slow = slowerThan(samples, baseline);
  if (slow !== null) {
    faults.push(slow);
  }
  return faults;
}

function slowerThan(samples: readonly WatchSample[], baseline: Baseline | null): string | null {
  const now = median(samples.flatMap(({ milliseconds }) => milliseconds ?? []));
  const before = baseline?.p95Ms ?? null;
  // Below 100 ms the line itself makes the difference, not the version.
  if (now === null || before === null || now < 100 || now <= before * SLOWER_THAN_BASELINE) {
    return null;
  }
  return `It answers in ${String(Math.round(now))} ms; before, 95 % came within ${String(Math.round(before))} ms.`;
}

export function median(values: readonly number[]): number | null {
  return percentile(values, 0.5);
}

/** Nearest rank, so that the answer is a value that was really measured. */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

/** Whether nobody looked in between, rather than late. */
export function isGap(pauseSeconds: number, intervalSeconds: number): boolean {
  return pauseSeconds > Math.max(GAP_INTERVALS * intervalSeconds, SLOW_LOOK_SECONDS);
}

/** Seconds of the watch in which no look happened though some were due. */
export function gapSeconds(
  samples: readonly WatchSample[],
  { seconds, intervalSeconds }: { readonly seconds: number; readonly intervalSeconds: number },
): number {
  const times = [0, ...samples.map(({ atSeconds }) => atSeconds), seconds];
  return times.reduce((sum, time, index) => {
    const pause = time - (times[index - 1] ?? 0);
    return isGap(pause, intervalSeconds) ? sum + pause : sum;
  }, 0);
}
