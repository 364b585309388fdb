import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSettings } from '../../../../main/storage/settings.js';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lastgood-settings-'));
  file = path.join(folder, 'settings.json');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const open = (userName = 'ana') =>
  openSettings({ file, userName, now: () => new Date('2026-01-02T03:04:05.678Z') });

test('starts with the name of the account and the theme of the system', async () => {
  const settings = await open();
  expect(settings.read()).toEqual({ operator: 'ana', theme: 'system' });
  expect(settings.problem).toBeNull();
});

test.each(['', '   '])('has a name even where the account has none (%j)', async (userName) => {
  expect((await open(userName)).read().operator).toBe('operator');
});

test('still holds after a restart what was written', async () => {
  await (await open()).write({ operator: 'Ben', theme: 'dark' });
  expect((await open()).read()).toEqual({ operator: 'Ben', theme: 'dark' });
});

test('takes the default for a field that an older file lacks', async () => {
  await writeFile(file, '{"theme":"light"}');
  const settings = await open();
  expect(settings.read()).toEqual({ operator: 'ana', theme: 'light' });
  expect(settings.problem).toBeNull();
});

test.each([
  ['no JSON', '{"operator":'],
  ['a wrong value', '{"operator":"Ben","theme":"pink"}'],
  ['an empty name', '{"operator":"  ","theme":"dark"}'],
  ['a list', '[]'],
  ['nothing', ''],
])(
  'keeps a file that holds %s aside, says so, and opens with the defaults',
  async (_name, text) => {
    await writeFile(file, text);
    const settings = await open();
    expect(settings.read()).toEqual({ operator: 'ana', theme: 'system' });
    const [aside = ''] = await readdir(folder);
    expect(aside).toBe('settings.json.broken-2026-01-02T03-04-05-678Z');
    expect(await readFile(path.join(folder, aside), 'utf8')).toBe(text);
    expect(settings.problem).toContain(aside);
  },
);

test('opens with the defaults where the file cannot be read at all', async () => {
  await mkdir(file);
  const settings = await open();
  expect(settings.read().operator).toBe('ana');
  expect(settings.problem).toContain(file);
});

test('keeps the old settings when the new ones cannot be written', async () => {
  const settings = await open();
  await mkdir(path.join(file, 'in-the-way'), { recursive: true });
  await expect(settings.write({ operator: 'Ben', theme: 'dark' })).rejects.toMatchObject({
    code: 'DATA_WRITE_FAILED',
  });
  expect(settings.read().operator).toBe('ana');
});

test('ends with the last of several writes, on disk and in memory', async () => {
  const settings = await open();
  await Promise.all(
    ['A', 'B', 'C'].map((operator) => settings.write({ operator, theme: 'system' })),
  );
  expect(settings.read().operator).toBe('C');
  expect((await open()).read().operator).toBe('C');
});
