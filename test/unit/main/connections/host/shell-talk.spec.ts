import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ShellTalk } from '../../../../../main/connections/host/shell-talk.js';

test('half a script does nothing, wherever it is cut', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-half-'));
  const trace = join(folder, 'ran');
  const { input } = new ShellTalk({ script: `lg_main() { true >'${trace}'; }\n` });
  const run = (bytes: number) => spawnSync('/bin/sh', ['-s'], { input: input.subarray(0, bytes) });
  const cuts = Array.from({ length: 40 }, (_, index) => Math.ceil((index * input.length) / 40));
  // The last character is the line end after the closing brace.
  for (const bytes of [...cuts, input.length - 2]) {
    run(bytes);
    expect(existsSync(trace)).toBe(false);
  }
  run(input.length);
  expect(existsSync(trace)).toBe(true);
  rmSync(folder, { recursive: true });
});

test('what a login shell prints before is neither output nor record', () => {
  const seen: string[] = [];
  const talk = new ShellTalk({
    script: 'lg_main() { lg_say word and more; echo output; return 3; }\n',
    onRecord: (words) => seen.push(words.join('+')),
    onStdout: (bytes) => seen.push(bytes.toString()),
  });
  const { stdout, stderr } = spawnSync('/bin/sh', ['-s'], { input: talk.input });
  talk.pushStdout(Buffer.from('Welcome!\n\u001e\u001e fake\n'));
  talk.pushStderr(Buffer.from('mesg: no tty\n'));
  for (const byte of stdout) {
    talk.pushStdout(Buffer.from([byte]));
  }
  expect(talk.exitCode).toBeNull();
  talk.pushStderr(stderr);
  expect(talk.exitCode).toBe(3);
  expect(seen.join('')).toBe('word+and+moreoutput\n');
});
