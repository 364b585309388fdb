import { expect, test } from 'vitest';
import { neighbourTab } from '../../../../renderer/communicate/neighbour-tab.js';
import {
  dueSentence,
  dueWord,
  firstMessage,
  messageNow,
  ownWords,
  unknownSentence,
} from '../../../../renderer/communicate/message-view.js';
import { messagesDue } from '../../../../shared/messages/due.js';
import { plainText } from '../../../../shared/messages/fill.js';
import { RunStory } from '../../shared/run-story.js';

function ordered() {
  return new RunStory().evidence().order();
}
const template = (story: RunStory, id: string) =>
  story.runbook.messages.templates.find((candidate) => candidate.id === id)!;

test('fills the template until the operator writes own words, and again once they are emptied', () => {
  const story = ordered();
  const internal = template(story, 'internal');
  const text = () => plainText(messageNow(story.state, internal, story.now).body);
  expect(text()).toContain('v1.2.0 → v1.1.0');
  story.add({ type: 'message.edited', messageId: 'internal', body: 'We are on it.' });
  expect(text()).toBe('We are on it.');
  story.add({ type: 'message.edited', messageId: 'internal', body: '' });
  expect(ownWords(story.state, 'internal')).toBe('');
  expect(text()).toContain('v1.2.0 → v1.1.0');
});

test('says how late a message is, and what word it stands under', () => {
  const story = ordered().after(360);
  const due = messagesDue(story.state, story.now);
  const internal = template(story, 'internal');
  expect(dueWord(internal, undefined, due)).toEqual({ word: 'late', tone: 'bad' });
  expect(dueSentence(due)).toBe('People should have heard 1:00 ago.');
});

test('calls a message sent once it was, and opens on the next one that is due', () => {
  const story = ordered().after(60).send('internal');
  const due = messagesDue(story.state, story.now);
  const internal = template(story, 'internal');
  expect(dueWord(internal, story.state.messages['internal'], due).word).toBe('sent');
  expect(firstMessage(story.state, due)).toBe('stakeholders');
});

test('names the unknown facts before a second press copies them', () => {
  const story = new RunStory().evidence('Slow', '').order();
  const message = messageNow(story.state, template(story, 'stakeholders'), story.now);
  expect(unknownSentence(message, 'C')).toMatch(
    /unknown \(.*impact.*\): press C again to copy anyway\.$/,
  );
});

test('goes round the tabs in both directions', () => {
  expect(neighbourTab(['a', 'b', 'c'], 'c', 1)).toBe('a');
  expect(neighbourTab(['a', 'b', 'c'], 'a', -1)).toBe('c');
});
