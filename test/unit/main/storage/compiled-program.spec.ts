import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isOursAlone } from '../../../../main/storage/compiled-program.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-compiled-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the compiled program is read from a folder that only we can write to', () => {
  expect(isOursAlone(folder)).toBe(true);
});

test.each([0o770, 0o702, 0o777])('and never from one that others can write to (%o)', (mode) => {
  chmodSync(folder, mode);
  expect(isOursAlone(folder)).toBe(false);
});
