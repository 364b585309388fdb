import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellQuote } from '../../../../main/steps/shell-quote.js';

const shells: readonly (readonly [string, ...string[]])[] = [
  ['/bin/sh'],
  ['/bin/dash'],
  ['/bin/bash'],
  ['/bin/bash', '--posix'],
  ['/bin/busybox', 'sh'],
];

/** Pieces of which a careless quoting makes commands. */
const piece = fc.oneof(
  fc.constantFrom("'", '"', '\\', '\n', ' ', '$(reboot)', '`id`', '${HOME}', '$', ';', '&', '|'),
  fc.constantFrom('<', '>', '(', ')', '{', '}', '*', '?', '[', '~', '#', '!', '-', '--', '-n', '='),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\0')),
);
const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

test.each(shells.filter(([program]) => existsSync(program)))(
  'every value comes through %s as data, leading dashes and line ends included',
  (program, ...args) => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        // As words of a command, as the value of a variable, and as text that is evaluated once more.
        const script = `set -- ${values.map(shellQuote).join(' ')}
lg=${shellQuote(values[0] ?? '')}
printf '%s\\0' "$@" "$lg"
eval ${shellQuote(`printf '%s\\0' ${values.map(shellQuote).join(' ')}`)}`;
        const printed = execFileSync(program, [...args, '-s'], { input: script }).toString();
        expect(printed.split('\0').slice(0, -1)).toEqual([...values, values[0], ...values]);
      }),
      { numRuns: 40 },
    );
  },
);
