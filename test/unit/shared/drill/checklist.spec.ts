import { describe, expect, it } from 'vitest';
import { drillChecklist } from '../../../../shared/drill/checklist.js';
import { drillDueInDays } from '../../../../shared/drill/schedule.js';
import { RunStory } from '../run-story.js';

function ticked(story: RunStory): readonly string[] {
  return drillChecklist(story.state).flatMap(({ id, isTicked }) => (isTicked ? [id] : []));
}

describe('the drill checklist', () => {
  it('has eleven open lines at the start', () => {
    const lines = drillChecklist(new RunStory('drill').state);

    expect(lines).toHaveLength(11);
    expect(lines.every(({ isTicked, by }) => !isTicked && by === null)).toBe(true);
  });

  it('is ticked by the console where the run has the evidence, and only there', () => {
    const story = new RunStory('drill')
      .order()
      .prepare()
      .runAll(5)
      .watch('pass')
      .send('post-rollback');

    expect(ticked(story)).toEqual(
      [
        'previous-identified',
        'stopped-gracefully',
        'rollback-executed',
        'service-started',
        'health-passed',
        'database-connected',
        'analysis-completed',
        'monitored',
        'no-errors',
        'stakeholders-told',
      ].toSorted((a, b) => order(a) - order(b)),
    );
  });

  const order = (id: string): number =>
    new RunStory('drill').runbook.drill.checklist.findIndex((item) => item.id === id);

  it('does not call a stop graceful that used up its whole grace', () => {
    const story = new RunStory('drill').order().prepare().begin('stop').after(60).succeed('stop');

    expect(ticked(story)).not.toContain('stopped-gracefully');
  });

  it('does not call the watch complete when a person ended it, or when it was inconclusive', () => {
    const run = () => new RunStory('drill').order().prepare().runAll(1);

    expect(ticked(run().watch('pass', 'Operator'))).not.toContain('monitored');
    expect(ticked(run().watch('inconclusive'))).not.toContain('monitored');
    expect(ticked(run().watch('fail'))).toContain('monitored');
  });

  it('does not call the log clean when the watch saw errors', () => {
    const story = new RunStory('drill').order().prepare().runAll(1).watch('fail');

    expect(ticked(story)).not.toContain('no-errors');
  });

  it('lets a person say otherwise, either way', () => {
    const story = new RunStory('drill').order();
    story
      .add({
        type: 'drill-item.ticked',
        itemId: 'backup-completed',
        isTicked: true,
        by: 'Operator',
      })
      .add({
        type: 'drill-item.ticked',
        itemId: 'previous-identified',
        isTicked: false,
        by: 'Operator',
      });

    expect(ticked(story)).toEqual(['backup-completed']);
  });
});

describe('the next drill', () => {
  it.each([
    ['2025-01-15T23:00:00.000Z', '2025-01-15T23:30:00.000Z', 91],
    ['2025-01-15T23:00:00.000Z', '2025-01-16T01:00:00.000Z', 90],
    ['2025-01-01T08:00:00.000Z', '2025-04-02T08:00:00.000Z', 0],
    ['2025-01-01T08:00:00.000Z', '2025-04-12T08:00:00.000Z', -10],
  ])('after one at %s is, at %s, due in %s days', (last, now, days) => {
    expect(drillDueInDays(last, 91, now)).toBe(days);
  });

  it('is not scheduled when there never was one', () => {
    expect(drillDueInDays(null, 91, '2025-01-15T12:00:00.000Z')).toBeNull();
  });
});
