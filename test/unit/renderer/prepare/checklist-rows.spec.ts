import { expect, test } from 'vitest';
import {
  checklistRows,
  checklistSummary,
  firstOpen,
  neighbour,
} from '../../../../renderer/prepare/checklist-rows.js';
import { contactsText } from '../../../../renderer/prepare/contacts.js';
import { RunStory } from '../../shared/run-story.js';

const tick = (itemId: string, by: string) =>
  ({ type: 'checklist.ticked', itemId, by, evidence: 'seen' }) as const;

test('tells what is proven from what a person ticked, and what an open item waits for', () => {
  const story = new RunStory().evidence().order();
  story.add(tick('target-identified', 'console')).add(tick('team-assembled', 'Ada'));
  const rows = checklistRows(story.state);
  const row = (id: string) => rows.find(({ item }) => item.id === id);
  expect(row('target-identified')?.isProven).toBe(true);
  expect(row('team-assembled')?.isProven).toBe(false);
  expect(row('stakeholders-notified')?.waitsFor).toMatch(/marked as sent/);
  expect(row('database-backup')?.waitsFor).toBe('for a person to tick');
});

test('counts what is settled and names how much of the door is still shut', () => {
  const story = new RunStory().evidence().order().add(tick('target-identified', 'console'));
  expect(checklistSummary(checklistRows(story.state))).toBe('1 of 10 settled · 4 required open');
});

test('begins with the required items: they hold the door', () => {
  const rows = checklistRows(new RunStory().evidence().order().state);
  expect(firstOpen(rows)?.item.required).toBe(true);
});

test('moves over what the console proved, and stops at the ends', () => {
  const story = new RunStory().evidence().order().add(tick('target-identified', 'console'));
  const rows = checklistRows(story.state);
  expect(neighbour(rows, 'rollback-necessary', 1)).toBe('target-available');
  expect(neighbour(rows, 'communication-planned', 1)).toBe('communication-planned');
  expect(neighbour(rows, null, 1)).toBe('rollback-necessary');
});

test('says on the contact sheet where a number is missing', () => {
  const contacts = {
    authority: [{ role: 'Team lead', name: 'Ada', phone: '+1 555 0100' }],
    support: [{ role: 'DevOps lead' }],
  };
  expect(contactsText(contacts)).toBe(
    'Rollback authority\nTeam lead, Ada, +1 555 0100\n\nSupport\nDevOps lead, no phone on file',
  );
});
