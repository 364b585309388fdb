import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  answerPageRequest,
  pageScheme,
  readPageFiles,
} from '../../../../main/app/page-protocol.js';
import type { PageFiles } from '../../../../main/app/page-protocol.js';

let folder = '';
let files: PageFiles = new Map();

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lastgood-page-'));
  const root = path.join(folder, 'renderer');
  await mkdir(path.join(root, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await writeFile(path.join(root, 'index.html'), '<meta nonce="__LASTGOOD_NONCE__">');
  await writeFile(path.join(root, 'assets', 'index-1.js'), 'run()');
  files = await readPageFiles(root);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function answer(url: string, method = 'GET'): Response {
  return answerPageRequest({ url, method }, files, () => 'bm9uY2U=');
}

test.each(['lastgood-app://app/', 'lastgood-app://app/index.html'])(
  'serves the page at %s with the nonce of this load',
  async (url) => {
    const response = answer(url);
    expect(await response.text()).toBe('<meta nonce="bm9uY2U=">');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("'nonce-bm9uY2U='");
    expect(response.headers.get('cache-control')).toBe('no-store');
  },
);

test('serves the files of the page with their type', async () => {
  const response = answer('lastgood-app://app/assets/index-1.js?v=1#x');
  expect(await response.text()).toBe('run()');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  'lastgood-app://app/../secret.txt',
  'lastgood-app://app/..%2fsecret.txt',
  'lastgood-app://app/..%2f..%2f..%2fetc/passwd',
  'lastgood-app://app/assets/..%5c..%5csecret.txt',
  'lastgood-app://app/%2e%2e/secret.txt',
  'lastgood-app://app//etc/passwd',
  'lastgood-app://app/etc/passwd',
  'lastgood-app://app/assets',
  'lastgood-app://app/assets/index-1.js%00.html',
  'lastgood-app://app/%',
  'lastgood-app://app/__proto__',
])('has nothing at %s', async (url) => {
  const response = answer(url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test.each([
  'lastgood-app://other/index.html',
  'lastgood-app://app.example.com/index.html',
  'https://app/index.html',
])('answers for its own address alone, not for %s', (url) => {
  expect(answer(url).status).toBe(404);
});

test('answers reading requests only', () => {
  expect(answer('lastgood-app://app/index.html', 'POST').status).toBe(405);
});

test('does not see a file that is changed on disk after the start', async () => {
  await writeFile(path.join(folder, 'renderer', 'assets', 'index-1.js'), 'evil()');
  expect(await answer('lastgood-app://app/assets/index-1.js').text()).toBe('run()');
});

test('cannot be fetched by script, here or from elsewhere', () => {
  expect(pageScheme.privileges).toEqual({ standard: true, secure: true, codeCache: true });
});
