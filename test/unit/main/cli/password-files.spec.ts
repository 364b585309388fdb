import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPasswordFiles } from '../../../../main/cli/password-files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'password-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(content: string, mode = 0o600): string {
  const file = join(folder, 'word');
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

describe('--password-file', () => {
  it.each([
    ['a word with spaces = and signs\n', 'a word with spaces = and signs'],
    ['first\r\nsecond\r\n', 'first'],
    ['no line end', 'no line end'],
  ])('gives the first line as it stands: %j', (content, password) => {
    expect(readPasswordFiles([`main=${fileOf(content)}`])).toEqual(new Map([['main', password]]));
  });

  it.each([0o640, 0o604, 0o620])('refuses a file that others may use: %o', (mode) => {
    const said = JSON.stringify(readPasswordFiles([`main=${fileOf('secret-word\n', mode)}`]));
    expect(said).toContain('others may read');
    expect(said).not.toContain('secret-word');
  });

  it('refuses an empty first line, a file that is not there, and what names no database', () => {
    const said = [
      `main=${fileOf('\nsecond\n')}`,
      `main=${join(folder, 'none')}`,
      '/only/a/file',
    ].map((given) => JSON.stringify(readPasswordFiles([given])));
    expect(said[0]).toContain('is empty');
    expect(said[1]).toContain('cannot be read');
    expect(said[2]).toContain('wants NAME=FILE');
  });
});
