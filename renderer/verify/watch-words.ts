import { formatDuration } from '../../shared/metrics/format-duration.js';
import type { Baseline, WatchVerdict } from '../../shared/run/facts.js';
import { judgeWatch } from '../../shared/run/judge-watch.js';
import type { WatchState } from '../../shared/run/state.js';
import type { Gap } from './watch-series.js';

export type WatchWords = {
  readonly heading: string;
  readonly reasons: readonly string[];
  readonly tone: 'ok' | 'warn' | 'bad' | 'accent';
};

const tones = { pass: 'ok', fail: 'bad', inconclusive: 'warn' } as const satisfies Record<
  WatchVerdict,
  WatchWords['tone']
>;

const ended = {
  pass: 'The watch passed',
  fail: 'The watch failed',
  inconclusive: 'The watch is inconclusive',
} as const satisfies Record<WatchVerdict, string>;

const soFar = {
  pass: 'All well so far',
  fail: 'Trouble was seen',
  inconclusive: 'Too little was seen so far',
} as const satisfies Record<WatchVerdict, string>;

/** The verdict, or what it would be if the watch ended with the last look. */
export function watchWords(watch: WatchState, baseline: Baseline | null): WatchWords {
  if (watch.ended !== null) {
    const { verdict, reasons, endedBy } = watch.ended;
    const early = endedBy === null ? '' : `, ended early by ${endedBy}`;
    return { heading: `${ended[verdict]}${early}`, reasons, tone: tones[verdict] };
  }
  const last = watch.samples.at(-1);
  if (last === undefined) {
    const reason = `The first look comes within ${formatDuration(watch.intervalSeconds)}.`;
    return { heading: 'The watch has begun', reasons: [reason], tone: 'accent' };
  }
  const length = { seconds: last.atSeconds, intervalSeconds: watch.intervalSeconds };
  const { verdict, reasons } = judgeWatch(watch.samples, length, baseline);
  return { heading: soFar[verdict], reasons, tone: tones[verdict] };
}

/** "Nobody looked for 0:18, from 0:30 on." Null when nothing was missed. */
export function gapWords(gaps: readonly Gap[]): string | null {
  if (gaps.length === 0) {
    return null;
  }
  const parts = gaps.map(
    ({ from, to }) => `${formatDuration(to - from)} from ${formatDuration(from)} on`,
  );
  return `Nobody looked for ${parts.join(', ')}: the console slept or had no line.`;
}
