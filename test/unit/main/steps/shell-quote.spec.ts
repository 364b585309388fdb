import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellCommand, shellQuote } from '../../../../main/steps/shell-quote.js';

test('leaves plain words plain', () => {
  expect(shellCommand('docker', 'stop', '--time', '60', 'web-1')).toBe(
    'docker stop --time 60 web-1',
  );
});

test.each([
  '',
  'two words',
  "it's",
  '$(reboot)',
  '`id`',
  'a\nb',
  '"',
  '*',
  '~',
  '\\',
  'ü',
  '!x',
  '#',
])('hands %j through a shell unchanged', (word) => {
  const printed = execFileSync('sh', ['-c', `printf '%s' ${shellQuote(word)}`]);
  expect(printed.toString()).toBe(word);
});
