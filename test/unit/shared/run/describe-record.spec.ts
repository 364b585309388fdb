import { describe, expect, test } from 'vitest';
import {
  describeRecord,
  isRoutine,
  namesOf,
  toneOf,
} from '../../../../shared/run/describe-record.js';
import { eventSentences } from '../../../../shared/run/event-sentences.js';
import { RunEvent } from '../../../../shared/run/events.js';
import { RunStory } from '../run-story.js';

function sentenceOf(event: unknown): string {
  const story = new RunStory().evidence().order();
  return describeRecord(RunEvent.parse(event), namesOf(story.state));
}

test('has a sentence for every kind of record', () => {
  const types = RunEvent.options.map(({ shape }) => shape.type.value);
  expect(Object.keys(eventSentences).toSorted()).toEqual(types.toSorted());
});

test('tells a whole run in finished sentences', () => {
  const story = new RunStory().evidence().order().prepare();
  story.runAll(2).watch('pass').send('internal');
  const names = namesOf(story.state);
  for (const { event } of story.records) {
    expect(describeRecord(event, names)).toMatch(/^[^{}]+[.!?…]$/);
  }
});

describe('names', () => {
  test('calls a step, an item and a message what the runbook calls them', () => {
    expect(sentenceOf({ type: 'step.started', stepId: 'stop', attempt: 2, before: null })).toBe(
      'Stop old began, attempt 2.',
    );
    expect(
      sentenceOf({
        type: 'checklist.passed-by',
        itemId: 'team-assembled',
        reason: 'Alone',
        by: 'A',
      }),
    ).toBe('A passed by “The people needed for the rollback are together”: Alone.');
  });

  test('lets an id that nobody knows stand for itself', () => {
    expect(sentenceOf({ type: 'undo.requested', stepId: 'long-gone', by: 'A' })).toBe(
      'A asked to take back long-gone.',
    );
  });
});

test('does not end a sentence twice when the words already end it', () => {
  expect(
    sentenceOf({ type: 'step.skipped', stepId: 'stop', reason: 'It was down anyway.', by: 'A' }),
  ).toBe('A skipped Stop old: It was down anyway.');
});

test('says that a look which failed has seen nothing', () => {
  expect(sentenceOf({ type: 'step.looked', stepId: 'stop', isDone: null, facts: '' })).toBe(
    'The console looked at Stop old: it could not be seen.',
  );
});

test('lists only what is known of the evidence', () => {
  const story = new RunStory().evidence('Slow', '');
  const event = story.records.at(-1)!.event;
  expect(describeRecord(event, namesOf(story.state))).toBe('Evidence was noted: severity high.');
});

test('weighs health and verdicts by what they say', () => {
  const down = { type: 'health.changed', to: 'down', detail: '', sinceMonotonicMs: 0 } as const;
  expect(toneOf(down)).toBe('bad');
  expect(toneOf({ ...down, to: 'serving' })).toBe('good');
});

test('counts what the console ticks as routine, and what a person ticks not', () => {
  const tick = { type: 'checklist.ticked', itemId: 'team-assembled', evidence: '' } as const;
  expect(isRoutine({ ...tick, by: 'console' })).toBe(true);
  expect(isRoutine({ ...tick, by: 'A' })).toBe(false);
});
