import { formatDuration } from '../../shared/metrics/format-duration.js';
import { isBefore } from '../../shared/metrics/time.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { Moment, RunState } from '../../shared/run/state.js';

const watched: ReadonlySet<RunState['phase']> = new Set([
  'executing',
  'rolling-forward',
  'completed',
]);

type Gap = { readonly at: Moment; readonly text: string };

/** Said right after a stretch in which nobody looked, until the next step (or the watch) has ended. */
export function gapNote(run: RunState, records: readonly RunRecord[]): string | null {
  const gap = lastGap(run, records);
  if (gap === null || !watched.has(run.phase)) {
    return null;
  }
  const ends = [...run.steps.map(({ endedAt }) => endedAt), run.watch?.ended?.at ?? null];
  return ends.some((end) => end !== null && isBefore(gap.at, end)) ? null : gap.text;
}

function lastGap({ gaps }: RunState, records: readonly RunRecord[]): Gap | null {
  const slept = gaps.at(-1);
  const sleep = slept === undefined ? null : { at: slept.at, text: sleepText(slept.seconds) };
  const away = lastAway(records);
  return sleep === null || (away !== null && isBefore(sleep.at, away.at)) ? away : sleep;
}

function sleepText(seconds: number): string {
  return seconds < 1
    ? 'The clock of this machine was set back: times before and after do not compare.'
    : `Nobody looked for ${formatDuration(seconds)}: the machine slept or its clock was set.`;
}

function lastAway(records: readonly RunRecord[]): Gap | null {
  const index = records.findLastIndex(({ event }) => event.type === 'run.resumed');
  const [before, back] = [records[index - 1], records[index]];
  if (before === undefined || back === undefined) {
    return null;
  }
  const seconds = Math.max(0, Date.parse(back.at) - Date.parse(before.at)) / 1_000;
  return { at: back, text: `Nobody looked for ${formatDuration(seconds)}: the console was away.` };
}
