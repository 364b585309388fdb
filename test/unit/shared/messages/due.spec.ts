import { describe, expect, it } from 'vitest';
import { messagesDue } from '../../../../shared/messages/due.js';
import { RunStory } from '../run-story.js';

describe('the next update', () => {
  it('is not due before the rollback is ordered', () => {
    const story = new RunStory().after(900);

    expect(messagesDue(story.state, story.now)).toEqual({
      nextDueAt: null,
      secondsUntilDue: null,
      due: [],
    });
  });

  it('is due within five minutes of the order, and every message of the start waits', () => {
    const story = new RunStory().after(60).order().after(100);

    expect(messagesDue(story.state, story.now)).toEqual({
      nextDueAt: '2025-01-15T12:06:00.000Z',
      secondsUntilDue: 200,
      due: ['internal', 'stakeholders'],
    });
  });

  it('is due ten minutes after the last one, and nothing waits until then', () => {
    const story = new RunStory().order().after(60).send('internal').send('stakeholders').after(90);

    expect(messagesDue(story.state, story.now)).toMatchObject({ secondsUntilDue: 510, due: [] });
  });

  it('is counted down below zero when nobody sends it', () => {
    const story = new RunStory().order().send('internal').send('stakeholders').after(630);

    expect(messagesDue(story.state, story.now)).toMatchObject({
      secondsUntilDue: -30,
      due: ['internal'],
    });
  });

  it('is not answered by what was sent before the order', () => {
    const story = new RunStory().send('internal').after(60).order().after(10);

    expect(messagesDue(story.state, story.now)).toMatchObject({
      secondsUntilDue: 290,
      due: ['stakeholders'],
    });
  });

  it('stays due after the target serves, until a closing message is sent', () => {
    const story = new RunStory().order().send('internal').prepare().runAll(1);

    expect(messagesDue(story.state, story.now)).toMatchObject({
      secondsUntilDue: 588,
      due: ['post-rollback'],
    });
    story.send('post-rollback').after(5000);

    expect(messagesDue(story.state, story.now)).toEqual({
      nextDueAt: null,
      secondsUntilDue: null,
      due: [],
    });
  });

  it('is not stopped by a closing message sent too early', () => {
    const story = new RunStory().order().send('post-rollback').after(60);

    expect(messagesDue(story.state, story.now).secondsUntilDue).toBe(540);
  });

  it('stops when the run is closed', () => {
    const story = new RunStory().order();
    story.add({ type: 'run.closed', outcome: 'abandoned', reason: '', by: 'Operator' });

    expect(messagesDue(story.state, story.now).due).toEqual([]);
  });
});
