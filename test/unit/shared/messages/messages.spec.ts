import { describe, expect, it } from 'vitest';
import { messageFacts } from '../../../../shared/messages/facts.js';
import { editedMessage, fillMessage, plainText } from '../../../../shared/messages/fill.js';
import type { FilledMessage } from '../../../../shared/messages/fill.js';
import { renderHtml, renderPlain, renderSlack } from '../../../../shared/messages/render.js';
import { RunStory } from '../run-story.js';

function filled(story: RunStory, id: string): FilledMessage {
  const template = story.runbook.messages.templates.find((one) => one.id === id)!;
  return fillMessage(template, messageFacts(story.state, story.now));
}

function text(story: RunStory, id: string): string {
  return plainText(filled(story, id).body);
}

function completed(kind: 'incident' | 'drill' = 'incident'): RunStory {
  const story = new RunStory(kind).health('serving').evidence().order().after(60).prepare();
  return story.health('down').after(42).health('serving').runAll(10);
}

describe('a message at the start', () => {
  it('is filled from the run', () => {
    const story = new RunStory().health('serving').evidence().order().after(65);

    expect(text(story, 'internal')).toBe(
      [
        'ROLLBACK STARTED: TradeWizard Automated Market Monitor (production)',
        '',
        'Version: v1.2.0 → v1.1.0',
        'Reason: v1.2.0 fails a third of its requests',
        'Status: Ordered, in preparation',
        'ETA: 12:06 UTC (in about 5 min)',
        'Impact: Prices are late',
        'Downtime: none measured so far',
        'Ordered by Team lead, operated by Operator',
        '',
        'An update follows every 10 minutes; the next one is due at 12:05 UTC.',
      ].join('\n'),
    );
    expect(filled(story, 'internal').unknown).toEqual([]);
  });

  it('counts a downtime of less than a second', () => {
    const story = new RunStory().health('serving').order().health('down').after(0.6);
    expect(text(story.health('serving'), 'internal')).toContain('Downtime: 0.6 s so far');
  });

  it('marks in place what is not known yet', () => {
    const { body, unknown } = filled(new RunStory(), 'internal');

    expect(unknown).toEqual([
      'from',
      'to',
      'reason',
      'impact',
      'downtime',
      'authority',
      'nextUpdate',
    ]);
    expect(body).toContainEqual({
      text: '[reason: not known yet]',
      kind: 'unknown',
      fact: 'reason',
    });
  });

  it('tells the state as the run has it', () => {
    const story = new RunStory().evidence().order().prepare().begin('find-target').after(2);

    expect(text(story, 'internal')).toContain('In progress, step 1 of 12: Find target');
  });

  it('names no end once a step has failed', () => {
    const story = new RunStory().evidence().order().prepare().begin('find-target');
    story.add({
      type: 'step.failed',
      stepId: story.stepIds[0]!,
      error: { code: 'INTERNAL', message: 'No', retryable: false },
    });

    expect(filled(story, 'internal').unknown).toContain('eta');
    expect(text(story, 'internal')).toContain('Held up at step 1 of 12: Find target');
  });

  it('expects the end from past runs where there are any', () => {
    const story = new RunStory().order();

    expect(messageFacts(story.state, story.now, { usualSeconds: 120 }).eta).toBe(
      '12:02 UTC (in about 2 min)',
    );
  });

  it('falls back to the estimates when a past run would already be over', () => {
    const story = new RunStory().order().after(600);

    expect(messageFacts(story.state, story.now, { usualSeconds: 120 }).eta).toBe(
      '12:15 UTC (in about 5 min)',
    );
  });
});

describe('a closing message', () => {
  it('claims nothing before it is true', () => {
    const story = new RunStory().evidence().order();

    expect(filled(story, 'post-rollback').unknown).toEqual(
      expect.arrayContaining(['outcome', 'serving', 'verification', 'rootCause', 'reviewDate']),
    );
  });

  it('tells version, times, state and verification once the target serves', () => {
    const message = text(completed().watch('pass'), 'post-rollback');

    expect(message).toContain('Rollback complete: TradeWizard');
    expect(message).toContain('Version: v1.1.0 serves now');
    expect(message).toContain('Duration: 3:42');
    expect(message).toContain('Downtime: 0:42');
    expect(message).toContain('Status: Service restored, v1.1.0 serves');
    expect(message).toContain('Verification: 3 of 3 checks passed, the watch of 1:00 passed');
  });

  it('does not call a failed watch verified, nor an unhealthy service restored', () => {
    const message = text(completed().watch('fail').health('unhealthy'), 'post-rollback');

    expect(message).toContain('the watch failed');
    expect(message).toContain('Status: The service answers but is not healthy');
  });

  it('says that the rollback was taken back when it was, and that the old version serves', () => {
    const story = new RunStory().order().prepare();
    story.add({ type: 'roll-forward.requested', reason: 'No', by: 'Operator' });
    const message = text(story.add({ type: 'roll-forward.completed' }), 'post-rollback');

    expect(message).toContain('Rollback taken back');
    expect(message).toContain('Version: v1.2.0 serves now');
  });

  it('takes root cause, next steps, review date and data loss from the review', () => {
    const story = completed();
    story.add({
      type: 'review.recorded',
      review: {
        ...story.state.review,
        rootCause: 'A missing index',
        nextSteps: 'Add it',
        reviewDate: 'Friday 10:00',
        dataLoss: 'None',
      },
    });

    expect(filled(story, 'post-rollback').unknown).toEqual([]);
  });
});

describe('a message of a drill', () => {
  it('says that it is one, in subject and body, whatever the template holds', () => {
    const { subject, body } = filled(new RunStory('drill').order(), 'stakeholders');

    expect(plainText(subject!)).toBe('[DRILL] Service rollback: TradeWizard Monitor');
    expect(plainText(body)).toMatch(/^\[DRILL\] This is an exercise\.\n\nHello/);
  });

  it('says so again when an edit took the mark away', () => {
    const story = new RunStory('drill').order();
    const template = story.runbook.messages.templates[0]!;
    const facts = messageFacts(story.state, story.now);

    expect(plainText(editedMessage(template, 'All fine', facts).body)).toMatch(/^\[DRILL\]/);
    expect(plainText(editedMessage(template, '[DRILL] Fine', facts).body)).toBe('[DRILL] Fine');
  });
});

describe('an edited message', () => {
  it('keeps the marks of what is unknown until they are replaced', () => {
    const story = new RunStory();
    const template = story.runbook.messages.templates[0]!;
    const message = editedMessage(
      template,
      'Cause: [root cause: not known yet] [own note: not known yet]',
      messageFacts(story.state, story.now),
    );

    expect(message.unknown).toEqual(['rootCause']);
    expect(plainText(message.body)).toBe(
      'Cause: [root cause: not known yet] [own note: not known yet]',
    );
  });
});

describe('the renderings', () => {
  const nasty = new RunStory().evidence('x', 'a < b & <!channel> "q"\nReason: forged').order();

  it('put the subject in front of the plain text', () => {
    expect(renderPlain(filled(nasty, 'stakeholders'))).toMatch(
      /^Subject: Service rollback: TradeWizard Monitor\n\nHello,/,
    );
  });

  it('escape facts for Slack, so that none can call everybody or look like a label', () => {
    const slack = renderSlack(filled(nasty, 'internal'));

    expect(slack).toContain('*Impact:* a &lt; b &amp; &lt;!channel&gt; "q"\nReason: forged');
    expect(slack).toContain('*Reason:* v1.2.0 fails');
  });

  it('escape facts for rich text and mark what is unknown', () => {
    const html = renderHtml(filled(nasty, 'internal'));

    expect(html).toContain(
      '<b>Impact:</b> a &lt; b &amp; &lt;!channel&gt; &quot;q&quot;<br>Reason',
    );
    expect(html).toContain('<mark>[downtime: not known yet]</mark>');
    expect(html).not.toContain('<!channel>');
  });
});
