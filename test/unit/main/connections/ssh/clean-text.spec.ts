import { expect, test } from 'vitest';
import { cleanText } from '../../../../../main/connections/ssh/clean-text.js';

test.each([
  ['Code:', 'Code:'],
  ['\u001b[2J\u001b[1;31mCode:\u001b[0m', 'Code:'],
  ['\u001b]0;title\u0007Code:', 'Code:'],
  ['\u001b]8;;https://evil.example\u001b\\Code:', 'Code:'],
  ['Co\u0000de\u009b31m:\r', 'Code31m:'],
  ['a\u202eb\u200bc', 'abc'],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
])('makes %j plain', (text, plain) => {
  expect(cleanText(text, 100)).toBe(plain);
});

test('cuts what is too long', () => {
  expect(cleanText('x'.repeat(500), 10)).toHaveLength(10);
});
