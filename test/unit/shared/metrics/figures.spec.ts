import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figures } from '../../../../shared/metrics/figures.js';
import {
  formatAbout,
  formatClockTime,
  formatDuration,
} from '../../../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../../../shared/metrics/time.js';
import { RunStory } from '../run-story.js';

const OTHER_SESSION = '22222222-2222-4222-8222-222222222222';

describe('seconds between two moments', () => {
  const moment = (session: string, monotonicMs: number, at: string) => ({
    session,
    monotonicMs,
    at,
  });

  it('come from the monotonic clock within a session, whatever the wall clock did', () => {
    const from = moment('a', 1000, '2025-01-15T12:00:00.000Z');
    const to = moment('a', 3500, '2025-01-15T11:00:00.000Z');

    expect(secondsBetween(from, to)).toBe(2.5);
  });

  it('come from the wall clock across sessions and are never negative', () => {
    const from = moment('a', 900_000, '2025-01-15T12:00:00.000Z');

    expect(secondsBetween(from, moment('b', 10, '2025-01-15T12:01:00.000Z'))).toBe(60);
    expect(secondsBetween(from, moment('b', 10, '2025-01-15T11:00:00.000Z'))).toBe(0);
  });
});

describe('the figures of a run', () => {
  it('do not exist before the order', () => {
    const story = new RunStory().health('down').after(30);

    expect(figures(story.state, story.now)).toEqual({
      rollbackSeconds: null,
      downtimeSeconds: null,
      unhealthySeconds: null,
      stepSeconds: {},
      isFinal: false,
    });
  });

  it('count from the order while the run goes on', () => {
    const story = new RunStory().after(50).order().after(12);

    expect(figures(story.state, story.now)).toMatchObject({ rollbackSeconds: 12, isFinal: false });
  });

  it('stand still once the target serves', () => {
    const story = new RunStory().order().after(5).prepare().runAll(2).after(500).watch('pass');

    expect(figures(story.state, story.now)).toMatchObject({
      rollbackSeconds: 5 + 12 * 2,
      isFinal: true,
    });
  });

  it('know no rollback time for a run that was rolled forward, yet keep its downtime', () => {
    const story = new RunStory()
      .order()
      .health('down')
      .after(7)
      .health('serving')
      .add({ type: 'roll-forward.requested', reason: 'Start failed', by: 'Operator' })
      .after(3)
      .add({ type: 'roll-forward.completed' })
      .after(100);

    expect(figures(story.state, story.now)).toMatchObject({
      rollbackSeconds: null,
      downtimeSeconds: 7,
      isFinal: true,
    });
  });

  it('count only what lies between the order and the end, down and unhealthy apart', () => {
    const story = new RunStory().health('unhealthy').after(100).order().after(10).health('down');
    story.after(4).health('serving').after(1).health('down').after(3);
    story.add({ type: 'rollback.completed' }).after(50).health('serving').after(5);

    expect(figures(story.state, story.now)).toMatchObject({
      unhealthySeconds: 10,
      downtimeSeconds: 4 + 3,
    });
  });

  it('count an open span up to now', () => {
    const story = new RunStory().order().health('down').after(9);

    expect(figures(story.state, story.now).downtimeSeconds).toBe(9);
  });

  it('do not count what was not measured as down', () => {
    const story = new RunStory().order().health('down').after(2).health('not-measured').after(60);

    expect(figures(story.state, story.now).downtimeSeconds).toBe(2);
  });

  it('go on across a console that was closed and came back', () => {
    const story = new RunStory().order().health('down').after(20).newSession(OTHER_SESSION);
    story.after(5).health('serving').after(100);

    expect(figures(story.state, story.now)).toMatchObject({
      downtimeSeconds: 25,
      rollbackSeconds: 125,
    });
  });

  it('give each step its own time, the running one up to now, none to one never started', () => {
    const story = new RunStory().order().prepare();
    const [first, second] = story.stepIds;
    story.begin(first!).after(3).succeed(first!).begin(second!).after(4);

    expect(figures(story.state, story.now).stepSeconds).toEqual({ [first!]: 3, [second!]: 4 });
  });

  it('never have more downtime and unhealthy time than time, whatever the health did', () => {
    const span = fc.record({
      to: fc.constantFrom('serving' as const, 'unhealthy' as const, 'down' as const),
      seconds: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.nat(8), (spans, orderAt) => {
        const story = new RunStory();
        spans.forEach(({ to, seconds }, index) => {
          if (index === orderAt) {
            story.order();
          }
          story.health(to).after(seconds);
        });
        const { rollbackSeconds, downtimeSeconds, unhealthySeconds } = figures(
          story.state,
          story.now,
        );

        expect((downtimeSeconds ?? 0) + (unhealthySeconds ?? 0)).toBeLessThanOrEqual(
          (rollbackSeconds ?? 0) + 1e-9,
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('a duration in words', () => {
  it.each([
    [0, '0:00'],
    [42.9, '0:42'],
    [725, '12:05'],
    [3723, '1:02:03'],
    [-5, '0:00'],
  ])('of %s seconds is %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it('is rounded when it is a guess', () => {
    expect([20, 290, 7200].map(formatAbout)).toEqual(['about 1 min', 'about 5 min', 'about 2 h']);
  });

  it('of the clock is told in UTC', () => {
    expect(formatClockTime('2025-01-15T23:05:59.999Z')).toBe('23:05 UTC');
  });
});
