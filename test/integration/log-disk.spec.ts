import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogStore } from '../../main/logs/log-store.js';
import { mustBeKept, noteUnwrittenLogs } from '../../main/runs/unwritten-logs.js';
import type { LogEntry } from '../../shared/ipc/views.js';
import { SmallDisk } from './small-disk.js';

let disk: SmallDisk;
beforeEach(() => {
  disk = new SmallDisk('1m');
});
afterEach(() => {
  disk.dispose();
});

const entries = (from: number, count: number): LogEntry[] =>
  Array.from({ length: count }, (_, at) => ({
    at: '2026-01-01T00:00:00.000Z',
    stepId: null,
    stream: 'stdout',
    text: `line ${String(from + at)} ${'.'.repeat(200)}`,
    isError: false,
  }));
const numbers = (page: { readonly entries: readonly LogEntry[] }): string[] =>
  page.entries.map(({ text }) => text.split(' ')[1] ?? '');

test('a log whose disk is full while it is saved is kept whole, says so, and is on the disk once there is room', async () => {
  const step = await LogStore.open(disk.folder, 'step');
  const service = await LogStore.open(disk.folder, 'service');
  const said: string[] = [];
  noteUnwrittenLogs({ step, service }, (text) => said.push(text));
  step.append(entries(0, 10));
  await step.page(0, 1);
  disk.fill();
  step.append(entries(10, 50));
  step.append(entries(60, 50));
  const all = Array.from({ length: 110 }, (_, number) => String(number));
  expect(numbers(await step.page(0, 1_000))).toEqual(all);
  expect(numbers(await step.page(5, 10))).toEqual(all.slice(5, 15));
  expect(said).toEqual([expect.stringContaining('the disk is full')]);

  disk.makeRoom();
  step.append(entries(110, 1));
  await step.close();
  expect(said).toHaveLength(2);
  const again = await LogStore.open(disk.folder, 'step');
  expect(numbers(await again.page(0, 1_000))).toEqual([...all, '110']);
  const file = await readFile(path.join(disk.folder, 'step.log'), 'utf8');
  expect(file.split('\n')).toHaveLength(112);
  await again.close();
  await service.close();
});

test('a log that could not even be begun is written once there is room', async () => {
  disk.makeReadOnly(true);
  const log = await LogStore.open(disk.folder, 'service');
  log.append(entries(0, 3));
  expect(numbers(await log.page(1, 5))).toEqual(['1', '2']);
  disk.makeReadOnly(false);
  await log.close();
  const again = await LogStore.open(disk.folder, 'service');
  expect(again.total).toBe(3);
  await again.close();
});

test('a step that keeps a log ends well only once the log is on the disk', async () => {
  const log = await LogStore.open(disk.folder, 'step', 200 * 1_024);
  log.append(entries(0, 10));
  await mustBeKept(log);

  disk.fill();
  log.append(entries(10, 50));
  await expect(mustBeKept(log)).rejects.toMatchObject({
    code: 'LOG_NOT_KEPT',
    message: 'The log is not kept: 50 lines wait in memory: the disk is full.',
  });
  log.append(entries(60, 2_000));
  await expect(mustBeKept(log)).rejects.toThrow(
    /lines were left out, for which memory had no room/,
  );

  disk.makeRoom();
  // What was left out is lost, and is said once more by whoever asks first.
  await expect(mustBeKept(log)).rejects.toThrow(/^The log is not kept: [\d,]+ lines were left out/);
  log.append(entries(2_060, 5));
  await mustBeKept(log);
  await log.close();
});

test('a storm on a full disk takes no more memory than it may, and what was left out is said in its place', async () => {
  const line = JSON.stringify(entries(1_000, 1)[0]).length + 1;
  const step = await LogStore.open(disk.folder, 'step', 100 * line);
  const service = await LogStore.open(disk.folder, 'service');
  const said: string[] = [];
  noteUnwrittenLogs({ step, service }, (text) => said.push(text));
  step.append(entries(1_000, 1));
  await step.page(0, 1);
  disk.fill();
  step.append(entries(1_001, 90));
  await step.page(0, 1);
  for (let from = 1_091; from < 9_000; from += 100) {
    step.append(entries(from, 100));
  }
  expect((await step.page(0, 100_000)).total).toBe(101);

  disk.makeRoom();
  step.append(entries(9_000, 1));
  await step.page(0, 1);
  step.append(entries(9_001, 1));
  await step.close();
  const again = await LogStore.open(disk.folder, 'step');
  const { entries: kept } = await again.page(0, 100_000);
  const missing = kept.findIndex(({ stream }) => stream === 'mark');
  expect(numbers({ entries: kept.slice(0, missing) })).toEqual(
    Array.from({ length: 101 }, (_, at) => String(1_000 + at)),
  );
  expect(kept[missing]?.text).toMatch(/^\d+ lines are missing here/);
  expect(kept.at(-1)?.text).toContain('line 9001');
  expect(said.at(-1)).toMatch(/lines of it are missing, for which memory had no room/);
  await again.close();
  await service.close();
});
