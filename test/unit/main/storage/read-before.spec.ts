import { chmodSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataPaths, makeDataFolders } from '../../../../main/storage/data-paths.js';
import type { DataPaths } from '../../../../main/storage/data-paths.js';
import { openReadBefore } from '../../../../main/storage/read-before.js';

let paths: DataPaths;

beforeEach(() => {
  paths = dataPaths(mkdtempSync(path.join(tmpdir(), 'lastgood-read-before-')));
  makeDataFolders(paths);
});
afterEach(() => {
  rmSync(paths.root, { recursive: true, force: true });
});

const said = { id: 'shop', ports: [1, 2], title: 'Größe' };

test('finds what a text said, in another start too', async () => {
  await openReadBefore(paths, '1').keep('id: shop', said);

  expect(await openReadBefore(paths, '1').find('id: shop')).toEqual(said);
});

test('believes a copy for its very text and way of reading only', async () => {
  await openReadBefore(paths, '1').keep('id: shop', said);

  expect(await openReadBefore(paths, '1').find('id: shop\n')).toBeUndefined();
  expect(await openReadBefore(paths, '2').find('id: shop')).toBeUndefined();
});

test('does not believe a copy that is not whole', async () => {
  const copies = openReadBefore(paths, '1');
  await copies.keep('id: shop', said);
  const [name = ''] = readdirSync(paths.runbooksRead);
  truncateSync(path.join(paths.runbooksRead, name), 70);

  expect(await copies.find('id: shop')).toBeUndefined();
});

test('keeps nothing that JSON cannot say', async () => {
  const copies = openReadBefore(paths, '1');
  await copies.keep('over: .nan', { over: Number.NaN });

  expect(await copies.find('over: .nan')).toBeUndefined();
});

test('believes nothing where others could write', async () => {
  await openReadBefore(paths, '1').keep('id: shop', said);
  chmodSync(paths.browser, 0o777);

  expect(await openReadBefore(paths, '1').find('id: shop')).toBeUndefined();
});

test('forgets the oldest', async () => {
  const copies = openReadBefore(paths, '1');
  for (let text = 0; text < 23; text += 1) {
    await copies.keep(String(text), { text });
  }

  expect(readdirSync(paths.runbooksRead)).toHaveLength(20);
});

test('does without where nothing can be kept', async () => {
  writeFileSync(paths.runbooksRead, 'a file where the folder should be');
  const copies = openReadBefore(paths, '1');

  await expect(copies.keep('id: shop', said)).resolves.toBeUndefined();
  expect(await copies.find('id: shop')).toBeUndefined();
});
