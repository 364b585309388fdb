import { expect, test } from 'vitest';
import { stripParts } from '../../../../renderer/verify/health-strip.js';
import {
  findGaps,
  metrics,
  numbersOf,
  numbersText,
  seriesOf,
} from '../../../../renderer/verify/watch-series.js';
import { gapWords, watchWords } from '../../../../renderer/verify/watch-words.js';
import type { WatchSample } from '../../../../shared/run/facts.js';
import type { WatchState } from '../../../../shared/run/state.js';
import { RunStory } from '../../shared/run-story.js';

const sample = (atSeconds: number, part: Partial<WatchSample> = {}): WatchSample => ({
  atSeconds,
  serving: 'serving',
  status: 200,
  milliseconds: 40,
  cpuPercent: null,
  memoryBytes: 180_000_000,
  restarts: 0,
  newErrorLines: 0,
  ...part,
});

const watch = (samples: readonly WatchSample[]): WatchState => ({
  seconds: 300,
  intervalSeconds: 10,
  startedAt: { at: '2025-01-15T12:00:00.000Z', monotonicMs: 0, session: 's' },
  samples,
  ended: null,
});

test('finds the stretch in which nobody looked, and leaves a hole there in the line', () => {
  const samples = [sample(10), sample(20), sample(90), sample(100)];
  const gaps = findGaps(samples, 10, 100);
  expect(gaps).toEqual([{ from: 20, to: 90 }]);
  expect(seriesOf(samples, 'milliseconds', gaps)).toEqual([
    [10, 20, 55, 90, 100],
    [40, 40, null, 40, 40],
  ]);
  expect(gapWords(gaps)).toContain('1:10 from 0:20 on');
});

test('calls a late look no gap', () => {
  expect(findGaps([sample(10), sample(35)], 10, 35)).toEqual([]);
});

test('says in numbers what the line shows, and against what was before', () => {
  const [time] = metrics;
  const samples = [sample(10), sample(20, { milliseconds: 210 }), sample(30)];
  const baseline = new RunStory().state.baseline ?? {
    requests: 20,
    failedPercent: 0,
    medianMs: 41,
    p95Ms: 80,
    restarts: 0,
    errorKinds: [],
  };
  expect(numbersText(time!, numbersOf(samples, 'milliseconds'), baseline)).toBe(
    'now 40 ms · median 40 ms · highest 210 ms · before 41 ms',
  );
});

test('says that nothing was measured instead of drawing zero', () => {
  const cpu = metrics.find(({ id }) => id === 'cpuPercent')!;
  expect(numbersText(cpu, numbersOf([sample(10)], 'cpuPercent'), null)).toBe('not measured');
});

test('gives the verdict as it would be with the last look, and does not call the rest of the time a gap', () => {
  expect(watchWords(watch([sample(10), sample(20)]), null).heading).toBe('All well so far');
  const bad = watch([sample(10), sample(20, { serving: 'down', status: null })]);
  expect(watchWords(bad, null)).toMatchObject({ heading: 'Trouble was seen', tone: 'bad' });
  expect(watchWords(watch([]), null).heading).toBe('The watch has begun');
});

test('names who ended a watch early', () => {
  const { state } = new RunStory()
    .evidence()
    .order()
    .prepare()
    .runAll(1)
    .watch('inconclusive', 'Ada');
  expect(watchWords(state.watch!, null).heading).toBe(
    'The watch is inconclusive, ended early by Ada',
  );
});

test('lays measured health on the charts’ own axis and cuts it at the last look', () => {
  const story = new RunStory().health('down').after(30).health('serving').after(30);
  const zero = story.now;
  const parts = stripParts(story.state.health, zero, { from: -50, to: 50, until: 20 });
  expect(parts).toEqual([
    { state: 'down', left: 0, width: 0.2 },
    { state: 'serving', left: 0.2, width: 0.5 },
  ]);
});
