import type { Baseline, WatchSample } from '../../shared/run/facts.js';
import { isGap, median, percentile } from '../../shared/run/judge-watch.js';

export type Metric = {
  readonly id: 'milliseconds' | 'cpuPercent' | 'memoryBytes' | 'newErrorLines';
  readonly title: string;
  readonly isBars: boolean;
  readonly format: (value: number) => string;
  /** What it was before the first change, where the baseline knows. */
  readonly before: (baseline: Baseline) => number | null;
};

export const metrics: readonly Metric[] = [
  {
    id: 'milliseconds',
    title: 'Response time',
    isBars: false,
    format: (value) => `${Math.round(value)} ms`,
    before: ({ medianMs }) => medianMs,
  },
  {
    id: 'cpuPercent',
    title: 'CPU',
    isBars: false,
    format: (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} %`,
    before: () => null,
  },
  {
    id: 'memoryBytes',
    title: 'Memory',
    isBars: false,
    format: (value) => `${Math.round(value / 1_000_000)} MB`,
    before: () => null,
  },
  {
    id: 'newErrorLines',
    title: 'New error lines',
    isBars: true,
    format: (value) => String(Math.round(value)),
    before: () => null,
  },
];

export type Gap = { readonly from: number; readonly to: number };

/** Stretches in which nobody looked though some looks were due, up to `until`. */
export function findGaps(
  samples: readonly WatchSample[],
  intervalSeconds: number,
  until: number,
): readonly Gap[] {
  const times = [0, ...samples.map(({ atSeconds }) => atSeconds), until];
  return times.flatMap((to, index) => {
    const from = times[index - 1] ?? 0;
    return isGap(to - from, intervalSeconds) ? [{ from, to }] : [];
  });
}

export type Series = readonly [x: number[], y: (number | null)[]];

/** The points of one chart. A gap is a hole in the line, never a straight piece across it. */
export function seriesOf(
  samples: readonly WatchSample[],
  metric: Metric['id'],
  gaps: readonly Gap[],
): Series {
  const holes = gaps.map(({ from, to }) => ({ at: (from + to) / 2, value: null }));
  const points = samples.map((sample) => ({ at: sample.atSeconds, value: sample[metric] }));
  const all = [...points, ...holes].toSorted((a, b) => a.at - b.at);
  return [all.map(({ at }) => at), all.map(({ value }) => value)];
}

export type Numbers = {
  readonly now: number;
  readonly median: number;
  readonly highest: number;
  readonly sum: number;
};

/** The chart in numbers, for whoever cannot or need not look at the line. Null when nothing was measured. */
export function numbersOf(samples: readonly WatchSample[], metric: Metric['id']): Numbers | null {
  const values = samples.flatMap((sample) => sample[metric] ?? []);
  const now = values.at(-1);
  const middle = median(values);
  const highest = percentile(values, 1);
  if (now === undefined || middle === null || highest === null) {
    return null;
  }
  return { now, median: middle, highest, sum: values.reduce((sum, value) => sum + value, 0) };
}

export function numbersText(
  { format, before, isBars }: Metric,
  numbers: Numbers | null,
  baseline: Baseline | null,
): string {
  if (numbers === null) {
    return 'not measured';
  }
  if (isBars) {
    return `${format(numbers.sum)} in all, ${format(numbers.now)} at the last look`;
  }
  const was = baseline === null ? null : before(baseline);
  return [
    `now ${format(numbers.now)}`,
    `median ${format(numbers.median)}`,
    `highest ${format(numbers.highest)}`,
    ...(was === null ? [] : [`before ${format(was)}`]),
  ].join(' · ');
}
