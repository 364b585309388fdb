import type { Baseline } from '../../shared/run/facts.js';
import { median, percentile } from '../../shared/run/judge-watch.js';
import type { Prober } from './prober.js';

const KINDS = 8;

/** What "before" looked like, from what the probe and the log have shown so far. Nulls where nothing was measured. */
export function measureBaseline(
  window: Prober['window'],
  restarts: number | null,
  errorLines: readonly string[],
): Baseline {
  const failed = window.filter(({ state }) => state !== 'serving').length;
  const times = window.flatMap(({ milliseconds }) => milliseconds ?? []);
  return {
    requests: window.length,
    failedPercent: failedPercent(failed, window.length),
    medianMs: median(times),
    p95Ms: percentile(times, 0.95),
    restarts,
    errorKinds: kindsOf(errorLines),
  };
}

/** One failed request of one is no rate of 100 %; so many of them take ten seconds. */
export const LEAST_REQUESTS = 10;

/** Null where too little was measured to speak of a rate. */
export function errorRatePercent(failed: number, seen: number): number | null {
  return seen < LEAST_REQUESTS ? null : failedPercent(failed, seen);
}

export function failedPercent(failed: number, total: number): number | null {
  return total === 0 ? null : Math.round((failed / total) * 1_000) / 10;
}

/** A moment is one: its parts hold letters that keep them from being numbers. */
const momentsAndIds =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|\b(?:0x)?[0-9a-f]*\d[0-9a-f]*\b/gi;

/** Lines that differ only in moments, numbers and ids are one kind; the most frequent first. */
export function kindsOf(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const kind = line.replaceAll(momentsAndIds, '#').slice(0, 200);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, KINDS)
    .map(([kind]) => kind);
}
