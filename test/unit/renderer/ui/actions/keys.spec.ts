import { expect, test } from 'vitest';
import { isTyping, keyLabel, keyName, ownsEnter } from '../../../../../renderer/ui/actions/keys.js';
import type { KeyPress } from '../../../../../renderer/ui/actions/keys.js';

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return {
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...change,
  };
}

test.each([
  [press('s'), 'S'],
  [press('R', { shiftKey: true }), 'Shift+R'],
  [press('k', { ctrlKey: true }), 'Mod+K'],
  [press('k', { metaKey: true }), 'Mod+K'],
  [press('?', { shiftKey: true }), '?'],
  [press('/'), '/'],
  [press('Enter'), 'Enter'],
  [press('ы', { code: 'KeyS' }), 'S'],
])('names the press %j as %s', (given, name) => {
  expect(keyName(given)).toBe(name);
});

test('prints a key as the keyboard of the platform does', () => {
  expect(keyLabel('Shift+R', false)).toBe('⇧ R');
  expect(keyLabel('Mod+K', false)).toBe('Ctrl K');
  expect(keyLabel('Mod+K', true)).toBe('⌘ K');
});

test('leaves letters to text fields, and to nothing else', () => {
  expect(isTyping({ tagName: 'TEXTAREA' })).toBe(true);
  expect(isTyping({ tagName: 'INPUT', type: 'text' })).toBe(true);
  expect(isTyping({ tagName: 'INPUT', type: 'checkbox' })).toBe(false);
  expect(isTyping({ tagName: 'BUTTON' })).toBe(false);
  expect(isTyping(null)).toBe(false);
});

test('leaves Enter to buttons and links that have the focus', () => {
  expect(ownsEnter({ tagName: 'BUTTON' })).toBe(true);
  expect(ownsEnter({ tagName: 'DIV', role: 'tab' })).toBe(true);
  expect(ownsEnter({ tagName: 'BODY' })).toBe(false);
  expect(ownsEnter(null)).toBe(false);
});
