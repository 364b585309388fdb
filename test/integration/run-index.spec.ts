import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from '../../main/runs/clock.js';
import { RunFiles } from '../../main/runs/run-files.js';
import { RunList } from '../../main/runs/run-list.js';
import { dataPaths, makeDataFolders } from '../../main/storage/data-paths.js';
import type { DataPaths } from '../../main/storage/data-paths.js';
import { RunIndex } from '../../main/storage/run-index.js';
import type { RunSummary } from '../../shared/ipc/views.js';
import { RunId } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import { session } from '../fakes/chained.js';
import { addEvent, closed, layRun, runIdOf } from '../fakes/runs-on-disk.js';

let folder = '';
let paths: DataPaths;
let said: string[] = [];
let read: RunId[] = [];
const nobody = new Map<never, { readonly state: RunState }>();

/** Says which journals it had to read. */
class CountingFiles extends RunFiles {
  override glance(runId: RunId): ReturnType<RunFiles['glance']> {
    read.push(runId);
    return super.glance(runId);
  }
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lastgood-index-'));
  paths = dataPaths(folder);
  makeDataFolders(paths);
  said = [];
  read = [];
  layRun(paths, runIdOf(1));
  layRun(paths, runIdOf(2), [closed]);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a console that is opened now shows. */
async function listed(appVersion = '0.0.0'): Promise<readonly RunSummary[]> {
  read = [];
  const say = (message: string): void => {
    said.push(message);
  };
  const list = new RunList({
    files: new CountingFiles(paths, { session, appVersion }),
    index: new RunIndex({ file: paths.runIndex, appVersion, say }),
    clock: createClock(),
  });
  const runs = await list.read(nobody);
  await list.settled();
  await list.dispose();
  return runs;
}

test('reads each journal once and never again while it stays the same', async () => {
  const first = await listed();
  expect(read.toSorted()).toEqual([runIdOf(1), runIdOf(2)]);
  expect(await listed()).toEqual(first);
  expect(read).toEqual([]);
  expect(said).toEqual([]);
});

test('reads again the one that has changed', async () => {
  await listed();
  addEvent(paths, runIdOf(1), closed);
  const runs = await listed();
  expect(read).toEqual([runIdOf(1)]);
  expect(runs.map(({ outcome }) => outcome)).toEqual(['abandoned', 'abandoned']);
});

test('loses nothing when it is deleted', async () => {
  const before = await listed();
  rmSync(paths.runIndex);
  expect(await listed()).toEqual(before);
  expect(read).toHaveLength(2);
});

test('forgets a run that was deleted', async () => {
  await listed();
  rmSync(paths.run(runIdOf(1)).folder, { recursive: true });
  expect((await listed()).map(({ runId }) => runId)).toEqual([runIdOf(2)]);
  const database = new DatabaseSync(paths.runIndex);
  const rows = database.prepare("SELECT entries FROM packs WHERE entries <> '[]'").all();
  expect(rows.map(({ entries }) => String(entries))).toEqual([expect.stringContaining(runIdOf(2))]);
  database.close();
});

test('is made anew, and that is said, when the file is not a database', async () => {
  const before = await listed();
  writeFileSync(paths.runIndex, 'x'.repeat(20_000));
  expect(await listed()).toEqual(before);
  expect(said).toEqual([expect.stringContaining('made anew from the journals')]);
  await listed();
  expect(read).toEqual([]);
});

test('is made anew when its pages are damaged', async () => {
  const before = await listed();
  const bytes = readFileSync(paths.runIndex);
  writeFileSync(paths.runIndex, bytes.fill(0xaa, 100, bytes.length));
  expect(await listed()).toEqual(before);
  expect(said).toEqual([expect.stringContaining('made anew from the journals')]);
});

test.each([
  ["UPDATE packs SET entries = 'x'", 'is not JSON'],
  ["UPDATE packs SET entries = '[{}]'", 'is not a line'],
  ['DROP TABLE packs; CREATE TABLE packs (other TEXT)', 'has other columns'],
])('is made anew when a row %s', async (change) => {
  const before = await listed();
  const database = new DatabaseSync(paths.runIndex);
  database.exec(change);
  database.close();
  expect(await listed()).toEqual(before);
  expect(said).toEqual([expect.stringContaining('made anew from the journals')]);
});

test('holds what two consoles found, also where their runs lie in the same row', async () => {
  const both = [1, 2].map(
    (number) => `7f3a0000-0000-4000-8000-${String(number).padStart(10, '0')}aa`,
  );
  const say = (message: string): void => {
    said.push(message);
  };
  const [summary] = await listed();
  const consoles = both.map(() => {
    const index = new RunIndex({ file: paths.runIndex, appVersion: '0.0.0', say });
    index.load();
    return index;
  });
  for (const [at, index] of consoles.entries()) {
    const runId = RunId.parse(both[at]);
    index.put(
      summary === undefined ? [] : [{ size: 1, mtimeMs: 1, summary: { ...summary, runId } }],
    );
  }
  const held = new RunIndex({ file: paths.runIndex, appVersion: '0.0.0', say });
  expect([...held.load().keys()]).toEqual(expect.arrayContaining(both));
  for (const index of [...consoles, held]) {
    index.close();
  }
  expect(said).toEqual([]);
});

test('is not taken from another version', async () => {
  await listed('1.0.0');
  await listed('2.0.0');
  expect(read).toHaveLength(2);
  expect(said).toEqual([]);
});

test('is done without, and that is said, where the file cannot be opened', async () => {
  rmSync(paths.runIndex, { force: true });
  const instead = path.join(folder, 'nowhere', 'index.sqlite');
  const index = new RunIndex({
    file: instead,
    appVersion: '0.0.0',
    say: (text) => said.push(text),
  });
  const files = new CountingFiles(paths, { session, appVersion: '0.0.0' });
  const list = new RunList({ files, index, clock: createClock() });
  expect(await list.read(nobody)).toHaveLength(2);
  expect(said).toEqual([expect.stringContaining('the journals are read instead')]);
  await list.dispose();
});
