import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomically } from '../../../../main/storage/atomic-file.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lastgood-atomic-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('replaces the content as a whole and leaves no draft behind', async () => {
  const file = path.join(folder, 'a.json');
  await writeFile(file, 'a much longer text than the new one');
  await writeFileAtomically(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('makes the file readable by the owner alone, and the folder with it', async () => {
  const file = path.join(folder, 'deep', 'a.json');
  await writeFileAtomically(file, 'new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

test('says which file failed, keeps what stood there, and leaves no draft behind', async () => {
  const file = path.join(folder, 'taken');
  await mkdir(path.join(file, 'inside'), { recursive: true });
  await expect(writeFileAtomically(file, 'new')).rejects.toMatchObject({
    code: 'DATA_WRITE_FAILED',
    retryable: true,
    message: expect.stringContaining(file) as string,
  });
  expect(await readdir(folder)).toEqual(['taken']);
  expect(await readdir(file)).toEqual(['inside']);
});

test('holds one of the contents as a whole when several writers race', async () => {
  const file = path.join(folder, 'a.json');
  const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(contents.map((content) => writeFileAtomically(file, content)));
  expect(contents).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder)).toEqual(['a.json']);
});
