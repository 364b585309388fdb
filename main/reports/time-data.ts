import { secondsBetween } from '../../shared/metrics/time.js';
import { describeRecord, namesOf } from '../../shared/run/describe-record.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { ServingState, WatchVerdict } from '../../shared/run/facts.js';
import { gapSeconds, median } from '../../shared/run/judge-watch.js';
import { momentOf } from '../../shared/run/reduce-start.js';
import type { Moment, RunState } from '../../shared/run/state.js';

export type HealthRow = {
  readonly since: string;
  readonly state: ServingState;
  readonly seconds: number;
  readonly detail: string;
};

export type WatchData = {
  readonly verdict: WatchVerdict | 'running';
  readonly reasons: readonly string[];
  readonly endedBy: string | null;
  readonly seconds: number;
  readonly intervalSeconds: number;
  readonly looks: number;
  readonly servingLooks: number;
  readonly medianMilliseconds: number | null;
  readonly highestCpuPercent: number | null;
  readonly highestMemoryBytes: number | null;
  readonly newErrorLines: number;
  /** Time in which nobody looked though somebody should have. */
  readonly gapSeconds: number;
};

export type TimelineRow = {
  readonly seq: number;
  readonly at: string;
  /** Since the order; null before it. */
  readonly secondsSinceOrder: number | null;
  readonly text: string;
};

export function healthOf({ health, ...state }: RunState, now: Moment): readonly HealthRow[] {
  const until = state.closed?.at ?? now;
  return health.map(({ since, state: serving, detail }, index) => ({
    since: since.at,
    state: serving,
    seconds: Math.round(secondsBetween(since, health[index + 1]?.since ?? until) * 1000) / 1000,
    detail,
  }));
}

export function watchOf({ watch }: RunState): WatchData | null {
  if (watch === null) {
    return null;
  }
  const { samples, ended, seconds, intervalSeconds } = watch;
  return {
    verdict: ended?.verdict ?? 'running',
    reasons: ended?.reasons ?? [],
    endedBy: ended?.endedBy ?? null,
    seconds,
    intervalSeconds,
    looks: samples.length,
    servingLooks: samples.filter(({ serving }) => serving === 'serving').length,
    medianMilliseconds: median(samples.flatMap(({ milliseconds }) => milliseconds ?? [])),
    highestCpuPercent: highest(samples.map(({ cpuPercent }) => cpuPercent)),
    highestMemoryBytes: highest(samples.map(({ memoryBytes }) => memoryBytes)),
    newErrorLines: samples.reduce((sum, { newErrorLines }) => sum + newErrorLines, 0),
    gapSeconds: ended === null ? 0 : Math.round(gapSeconds(samples, { seconds, intervalSeconds })),
  };
}

function highest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (top, value) => (value === null || (top !== null && top >= value) ? top : value),
    null,
  );
}

/** Every record but the looks of the watch, which are counted instead: hundreds of them would bury the rest. */
export function timelineOf(records: readonly RunRecord[], state: RunState): readonly TimelineRow[] {
  const names = namesOf(state);
  const ordered = state.order?.at ?? null;
  const orderSeq = records.find(({ event }) => event.type === 'rollback.ordered')?.seq ?? Infinity;
  return records
    .filter(({ event }) => event.type !== 'watch.sampled')
    .map((record) => ({
      seq: record.seq,
      at: record.at,
      secondsSinceOrder:
        ordered === null || record.seq < orderSeq
          ? null
          : Math.round(secondsBetween(ordered, momentOf(record)) * 1000) / 1000,
      text: describeRecord(record.event, names),
    }));
}
