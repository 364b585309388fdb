import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seenCommand } from '../../../../../main/connections/host/seen-command.js';
import { shellQuote } from '../../../../../main/steps/shell-quote.js';

const shells = ['/bin/dash', '/bin/bash', '/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh'].filter(
  (shell) => existsSync(shell),
);

/** Without the start-up files of whoever runs the tests: a bash whose input is a socket reads them. */
const said = (shell: string, script: string): string =>
  spawnSync(shell, ['-c', seenCommand(Buffer.from(script)) ?? ''], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' },
  }).stdout;

test.each(shells)('%s hands every character of a script on as it is', (shell) => {
  const characters = fc
    .string({ unit: 'binary' })
    .filter((text) => !/[\0\uD800-\uDFFF]/u.test(text));
  const awkward = fc.constantFrom(
    "'",
    '!',
    '\\',
    '"',
    '$',
    '`',
    '\n',
    '\r',
    '%',
    '~',
    '\\0',
    '$(id)',
    '%s',
  );
  const texts = fc.array(fc.oneof(characters, awkward)).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      expect(said(shell, `{\nprintf %s ${shellQuote(text)}\n}\n`)).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test('it is one line of plain characters, in which no quote ends and no history is called up', () => {
  const command = seenCommand(Buffer.from("a'b!c\\d\ne\u0001ü")) ?? '';
  expect(command).toMatch(/^[ -~]+$/u);
  expect(command).not.toContain('!');
  expect(command).not.toContain('\\\\');
  expect(command.split("'")).toHaveLength(5);
});

test('what is too long for a command is none', () => {
  expect(seenCommand(Buffer.from('x'.repeat(8_001)))).toBeNull();
});
