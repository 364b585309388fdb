import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SecretSearch } from '../lab/secret-search.mjs';

/** What a password of the lab is like: only the part without quotes is the same wherever it is written. */
const password = 'planted-7f3Kq:\\zT\'"';
const seen = 'planted-7f3Kq';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lastgood-planted-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function searched(): SecretSearch {
  const search = new SecretSearch([password]);
  search.folder(folder);
  return search;
}

test('finds nothing where nothing is, and says how much it read', () => {
  mkdirSync(path.join(folder, 'runs'));
  writeFileSync(path.join(folder, 'runs', 'journal.jsonl'), '{"a":"planted-7f3K"}');
  const { files, found } = searched();
  expect({ files, found }).toEqual({ files: 1, found: [] });
});

test('finds a password however its special characters are written', () => {
  mkdirSync(path.join(folder, 'runs'));
  writeFileSync(path.join(folder, 'runs', 'journal.jsonl'), JSON.stringify({ said: password }));
  expect(searched().found).toEqual([expect.stringContaining('journal.jsonl')]);
});

test('finds one that lies across two pieces of a large file', () => {
  const piece = 4 * 1024 * 1024;
  writeFileSync(
    path.join(folder, 'old.dump'),
    `${'x'.repeat(2 * piece - 5)}${seen}${'y'.repeat(99)}`,
  );
  expect(searched().found).toHaveLength(1);
});

test('does not show the password that it found', () => {
  writeFileSync(path.join(folder, 'log'), seen);
  expect(searched().found.join()).not.toContain(seen);
});

test.each([
  ['the arguments', ['-e', 'setTimeout(() => {}, 60_000)', seen], {}],
  ['the environment', ['-e', 'setTimeout(() => {}, 60_000)'], { PGPASSWORD: password }],
])('finds a password in %s of a process', async (where, words, more) => {
  const search = new SecretSearch([password]);
  const stop = search.watchProcesses();
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...more },
  });
  try {
    await vi.waitFor(() => {
      expect(search.found.join()).toContain(where.replace('the ', ''));
    }, 10_000);
  } finally {
    stop();
    child.kill();
  }
});

test('refuses to search for nothing', () => {
  expect(() => new SecretSearch([])).toThrow('No password');
});

test('a folder that a test takes away is searched before it is gone', () => {
  const findings = path.join(folder, 'searched');
  const list = path.join(folder, 'known');
  const home = path.join(folder, 'home');
  mkdirSync(home);
  writeFileSync(list, `${JSON.stringify(password)}\n`);
  writeFileSync(path.join(home, 'app.log'), `pg_dump ${seen}`);
  writeFileSync(path.join(home, 'password'), password);
  const hook = pathToFileURL(path.resolve('test/lab/search-before-removal.mjs')).href;
  const code = `import '${hook}'; import { rm } from 'node:fs/promises'; await rm(${JSON.stringify(home)}, { recursive: true });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    env: {
      ...process.env,
      ELECTRON_RUN_AS_NODE: '1',
      LASTGOOD_TEST_FINDINGS: findings,
      LASTGOOD_TEST_PASSWORDS: list,
    },
  });
  expect(existsSync(home)).toBe(false);
  const [name = ''] = readdirSync(findings);
  expect(JSON.parse(readFileSync(path.join(findings, name), 'utf8'))).toEqual({
    files: 1,
    found: [expect.stringContaining('app.log')],
  });
});
