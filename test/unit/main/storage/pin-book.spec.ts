import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PinBook } from '../../../../main/storage/pin-book.js';

let folder: string;
let file: string;
let book: PinBook;
const now = () => new Date('2026-11-25T03:00:00Z');
const machine = { fingerprint: 'SHA256:one', machineId: 'a1' };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-pins-'));
  file = path.join(folder, 'host-pins.json');
  book = new PinBook({ file, now });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('writes a host down at first use, for its owner only', async () => {
  await expect(book.check('production', 'app-1', machine)).resolves.toBe('pinned');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    version: 1,
    pins: [
      {
        environment: 'production',
        host: 'app-1',
        ...machine,
        pinnedAt: '2026-11-25T03:00:00.000Z',
      },
    ],
  });
});

test('knows the same machine again, in another console too', async () => {
  await book.check('production', 'app-1', machine);
  await expect(book.check('production', 'app-1', machine)).resolves.toBe('same');
  await expect(new PinBook({ file, now }).check('production', 'app-1', machine)).resolves.toBe(
    'same',
  );
});

test.each([
  ['another key', { fingerprint: 'SHA256:two', machineId: 'a1' }],
  ['another machine with the same key', { fingerprint: 'SHA256:one', machineId: 'b2' }],
  ['a machine that no longer says which it is', { fingerprint: 'SHA256:one', machineId: null }],
])('refuses %s under the name, names both, and keeps the pin', async (_what, other) => {
  await book.check('production', 'app-1', machine);
  const before = readFileSync(file, 'utf8');
  const refused = book.check('production', 'app-1', other);
  await expect(refused).rejects.toMatchObject({ code: 'HOST_NOT_THE_SAME' });
  await expect(refused).rejects.toThrow(/SHA256:one, machine a1.*SHA256:/);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('keeps environments and hosts apart', async () => {
  await book.check('production', 'app-1', machine);
  const other = { fingerprint: 'SHA256:two', machineId: 'b2' };
  await expect(book.check('staging', 'app-1', other)).resolves.toBe('pinned');
  await expect(book.check('production', 'app-2', other)).resolves.toBe('pinned');
  await expect(book.check('production', 'app-1', machine)).resolves.toBe('same');
});

test('learns the id of a machine that had none, and holds it to that', async () => {
  await book.check('production', 'app-1', { ...machine, machineId: null });
  await expect(book.check('production', 'app-1', machine)).resolves.toBe('same');
  await expect(
    book.check('production', 'app-1', { ...machine, machineId: 'b2' }),
  ).rejects.toMatchObject({ code: 'HOST_NOT_THE_SAME' });
});

test('loses no pin when two hosts are met at once', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `app-${index}`);
  await Promise.all(names.map((name) => book.check('production', name, machine)));
  const same = await Promise.all(names.map((name) => book.check('production', name, machine)));
  expect(new Set(same)).toEqual(new Set(['same']));
});

test.each(['', '{', '{"version":2,"pins":[]}', '{"version":1,"pins":[{"host":"app-1"}]}'])(
  'takes no host for the right one while the book reads %j, and leaves it as it is',
  async (text) => {
    writeFileSync(file, text);
    await expect(book.check('production', 'app-1', machine)).rejects.toMatchObject({
      code: 'HOST_PINS_UNREADABLE',
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

test('forgets a host that was replaced on purpose', async () => {
  await book.check('production', 'app-1', machine);
  await expect(book.forget('production', 'app-1')).resolves.toBe(true);
  await expect(book.forget('production', 'app-1')).resolves.toBe(false);
  const other = { fingerprint: 'SHA256:two', machineId: 'b2' };
  await expect(book.check('production', 'app-1', other)).resolves.toBe('pinned');
});
