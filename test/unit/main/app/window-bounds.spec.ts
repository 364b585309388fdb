import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  keepWindowBounds,
  placeWindow,
  readWindowBounds,
} from '../../../../main/app/window-bounds.js';

const laptop = { x: 0, y: 25, width: 1_440, height: 875 };
const monitor = { x: 1_440, y: 0, width: 1_920, height: 1_080 };
const kept = { x: 1_600, y: 100, width: 1_300, height: 900, isMaximized: false };
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lastgood-bounds-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('opens in the usual size when nothing was kept', () => {
  expect(placeWindow(null, [laptop])).toEqual({ width: 1_280, height: 800 });
});

test('opens where it was', () => {
  expect(placeWindow(kept, [laptop, monitor])).toEqual({
    x: 1_600,
    y: 100,
    width: 1_300,
    height: 900,
  });
});

test('opens in the usual place when its monitor is gone', () => {
  expect(placeWindow(kept, [laptop])).toEqual({ width: 1_280, height: 800 });
});

test('is drawn back into its display', () => {
  const placed = placeWindow({ ...kept, x: 1_300, width: 2_500, height: 2_000 }, [monitor]);
  expect(placed).toEqual({ x: 1_440, y: 0, width: 1_920, height: 1_080 });
});

test('is never smaller than the smallest supported window', () => {
  expect(placeWindow({ ...kept, width: 500, height: 300 }, [monitor])).toMatchObject({
    width: 1_024,
    height: 700,
  });
});

test('reads back what was kept', async () => {
  const file = path.join(folder, 'window.json');
  await keepWindowBounds(file, kept);
  expect(await readWindowBounds(file)).toEqual(kept);
});

test.each(['', '{', '[]', '{"x":"left"}', '{"x":1e99,"y":0,"width":1,"height":1}'])(
  'passes over a file that holds %j',
  async (text) => {
    const file = path.join(folder, 'window.json');
    await writeFile(file, text);
    expect(await readWindowBounds(file)).toBeNull();
  },
);
