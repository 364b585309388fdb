import { expect, test } from 'vitest';
import { stillOpen } from '../../../../renderer/review/close-dialog.js';
import { lastAlike, repeats, successRate } from '../../../../renderer/review/compare.js';
import { outcomeSentence } from '../../../../renderer/review/outcome-sentence.js';
import { timelineRows } from '../../../../renderer/review/timeline-rows.js';
import { waterfall } from '../../../../renderer/review/waterfall-rows.js';
import type { RunSummary } from '../../../../shared/ipc/views.js';
import { RunId } from '../../../../shared/run/events.js';
import { emptyReview } from '../../../../shared/run/empty-review.js';
import { RunStory } from '../../shared/run-story.js';

function past(number: number, part: Partial<RunSummary> = {}): RunSummary {
  return {
    runId: RunId.parse(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`),
    kind: 'drill',
    runbookId: 'tradewizard-monitor',
    service: 'tradewizard-monitor',
    environment: 'production',
    tier: 'production',
    operator: 'Operator',
    startedAt: `2025-01-0${number}T10:00:00.000Z`,
    fromVersion: 'v1.2.0',
    toVersion: 'v1.1.0',
    phase: 'rolled back',
    outcome: 'rolled-back',
    isAttached: false,
    unknownSteps: [],
    rollbackSeconds: 400,
    downtimeSeconds: 12,
    unhealthySeconds: 0,
    improvements: '',
    problem: null,
    owner: null,
    ...part,
  };
}

const done = () => new RunStory('drill').evidence().order().after(20).prepare().runAll(3);

test('compares with the last finished run of the same kind, service and place only', () => {
  const { started } = done().state;
  const runs = [
    past(1),
    past(2, { rollbackSeconds: 380 }),
    past(3, { kind: 'incident' }),
    past(4, { environment: 'staging' }),
    past(5, { outcome: null }),
  ];
  expect(lastAlike(runs, started!)?.rollbackSeconds).toBe(380);
});

test('counts this run among the successes once its target serves', () => {
  const { state } = done();
  const runs = [past(1), past(2, { outcome: 'rolled-forward' })];
  expect(successRate(runs, state.started!, state)).toEqual({ succeeded: 2, of: 3 });
});

test('counts how often the same deployment was rolled back before', () => {
  const { state } = done();
  const runs = [past(1), past(2, { fromVersion: 'v1.0.0' })];
  expect(repeats(runs, state.started!, state)).toBe(1);
});

test('draws the steps on one axis that begins with the order', () => {
  const story = done();
  const drawn = waterfall(story.state, story.now);
  expect(drawn?.rows[0]).toMatchObject({ title: 'Find target', seconds: 3 });
  expect(drawn?.rows[0]?.left).toBeCloseTo(20 / drawn!.seconds);
  expect(drawn?.rows.at(-1)).toMatchObject({ seconds: 3 });
});

test('draws nothing before a step was started', () => {
  const story = new RunStory().evidence().order();
  expect(waterfall(story.state, story.now)).toBeNull();
});

test('leaves routine records out of the timeline until everything is asked for', () => {
  const story = done().watch('pass');
  const short = timelineRows(story.records, story.state, false);
  const whole = timelineRows(story.records, story.state, true);
  expect(whole).toHaveLength(story.records.length);
  expect(short.some(({ text }) => text.startsWith('The watch looked'))).toBe(false);
});

test('says what is still open before the run is closed', () => {
  const story = done();
  expect(stillOpen(story.state, emptyReview)).toEqual([
    'No closing message was sent.',
    'Not filled in: root cause, next steps, date of the review.',
  ]);
});

test('says how the run ended and never more than that', () => {
  expect(outcomeSentence(new RunStory().state)).toBe('Nothing has been decided yet.');
  expect(outcomeSentence(new RunStory().evidence().order().state)).toMatch(/still under way/);
  expect(outcomeSentence(done().watch('fail').state)).toBe(
    'Rolled back to v1.1.0: it serves and its checks passed. The watch failed.',
  );
});
