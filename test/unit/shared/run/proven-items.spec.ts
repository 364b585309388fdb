import { describe, expect, it } from 'vitest';
import { provenItems } from '../../../../shared/run/proven-items.js';
import { RunStory, target } from '../run-story.js';

function proven(story: RunStory): readonly string[] {
  return provenItems(story.state).map(({ itemId }) => itemId);
}

describe('the items that the run itself proves', () => {
  it('are none at the start', () => {
    expect(proven(new RunStory())).toEqual([]);
  });

  it('are decision, target, plan and verification once the rollback is ordered', () => {
    expect(proven(new RunStory().order())).toEqual([
      'rollback-necessary',
      'target-identified',
      'target-available',
      'commands-prepared',
      'verification-identified',
    ]);
  });

  it('say what proves them', () => {
    expect(provenItems(new RunStory().order().state)).toContainEqual({
      itemId: 'verification-identified',
      evidence: '3 steps are planned to verify it',
    });
  });

  it('have the symptoms once there are words for them', () => {
    expect(proven(new RunStory().evidence('  '))).toEqual([]);
    expect(proven(new RunStory().evidence())).toEqual(['symptoms-documented']);
  });

  it('have the stakeholders only when their own message was sent', () => {
    expect(proven(new RunStory().send('internal'))).toEqual([]);
    expect(proven(new RunStory().send('stakeholders'))).toEqual(['stakeholders-notified']);
  });

  it('do not have a target whose image the preview could not find', () => {
    const story = new RunStory().add({
      type: 'target.chosen',
      target: target('v1.1.0'),
      from: null,
      preview: [
        {
          id: 'target-image',
          title: 'Image',
          state: 'red',
          text: 'Gone',
          checkedAt: '2025-01-15T12:00:00.000Z',
        },
      ],
    });

    expect(proven(story)).toEqual(['target-identified']);
  });

  it('are not repeated once ticked', () => {
    const story = new RunStory().evidence();
    story.add({
      type: 'checklist.ticked',
      itemId: 'symptoms-documented',
      by: 'console',
      evidence: '',
    });

    expect(proven(story)).toEqual([]);
  });
});
