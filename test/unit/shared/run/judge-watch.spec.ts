import { expect, test } from 'vitest';
import type { WatchSample } from '../../../../shared/run/facts.js';
import { gapSeconds, judgeWatch } from '../../../../shared/run/judge-watch.js';

const sample = (atSeconds: number, part: Partial<WatchSample> = {}): WatchSample => ({
  atSeconds,
  serving: 'serving',
  status: 200,
  milliseconds: 10,
  cpuPercent: 1,
  memoryBytes: 1_000_000,
  restarts: 0,
  newErrorLines: 0,
  ...part,
});

test('passes a short watch although each look takes the engine two seconds', () => {
  const watch = { seconds: 5, intervalSeconds: 0.5 };
  const samples = [sample(2), sample(4.5), sample(6.6)];
  expect(judgeWatch(samples, watch, null)).toMatchObject({ verdict: 'pass' });
});

test('proves nothing when nobody looked for most of the time', () => {
  const watch = { seconds: 60, intervalSeconds: 6 };
  const samples = [sample(1), sample(40), sample(60)];
  expect(gapSeconds(samples, watch)).toBe(59);
  expect(judgeWatch(samples, watch, null)).toMatchObject({ verdict: 'inconclusive' });
  expect(judgeWatch([], watch, null)).toMatchObject({ verdict: 'inconclusive' });
});

test('lets a fault that was seen weigh more than a gap', () => {
  const samples = [sample(1), sample(59, { serving: 'down' })];
  const judged = judgeWatch(samples, { seconds: 60, intervalSeconds: 6 }, null);
  expect(judged).toEqual({ verdict: 'fail', reasons: ['1 of 2 looks found it not serving.'] });
});
