import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkpointOf } from '../../../../main/engine/checkpoint.js';
import { Journal } from '../../../../main/engine/journal.js';
import { RunFiles } from '../../../../main/runs/run-files.js';
import { RunReader } from '../../../../main/runs/run-reader.js';
import { dataPaths, makeDataFolders } from '../../../../main/storage/data-paths.js';
import type { DataPaths } from '../../../../main/storage/data-paths.js';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import { foldRecords } from '../../../../shared/run/fold.js';
import { chained, session } from '../../../fakes/chained.js';
import { layLines, layRun, runIdOf } from '../../../fakes/runs-on-disk.js';
import { readyToExecute } from '../../../fakes/sample-run.js';

const user = { session, appVersion: '0.0.0' };
const runId = runIdOf(1);
const notes = Array.from({ length: 3_000 }, (_, index): RunEvent => {
  return { type: 'note.added', text: `seen at ${String(index)}`, by: 'operator' };
});
const long = chained([...readyToExecute(), ...notes], runId);
const folded = foldRecords(long.map((line) => JSON.parse(line) as RunRecord));

let folder = '';
let paths: DataPaths;
let reader: RunReader;
const halted = vi.fn();
const onFault = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lastgood-reader-'));
  paths = dataPaths(folder);
  makeDataFolders(paths);
  reader = new RunReader({ files: new RunFiles(paths, user), events: { halted }, onFault });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.clearAllMocks();
  expect(onFault).not.toHaveBeenCalled();
});

/** A long run that was put down in order. */
async function layLong(): Promise<string> {
  const file = layLines(paths, runId, long);
  const { journal, opened } = await Journal.open(file, user);
  await journal.checkpoint(opened.state, user.appVersion);
  await journal.close();
  return file;
}

test('gives the whole state of a long run, its newest records, and the older ones piece by piece', async () => {
  await layLong();
  const { state, records, older, problem } = await reader.read(runId, null);
  expect(problem).toBeNull();
  expect(state).toEqual(folded);
  expect(records.at(-1)?.seq).toBe(long.length - 1);
  expect(records.length).toBeLessThan(long.length);
  const found = [...records];
  for (let before = older; before !== 0;) {
    const page = await reader.older(runId, before);
    found.unshift(...page.records);
    before = page.older;
  }
  expect(found).toEqual(long.map((line) => JSON.parse(line) as RunRecord));
});

test('gives a short run in one piece', async () => {
  layRun(paths, runId);
  const { records, older } = await reader.read(runId, null);
  expect(records).toHaveLength(readyToExecute().length);
  expect(older).toBe(0);
});

test('says behind it what the checkpoint hid, and shows it from then on', async () => {
  const file = await layLong();
  const checkpoint = checkpointOf(file);
  const text = readFileSync(checkpoint, 'utf8');
  writeFileSync(checkpoint, text.replace('"seen at 7"', '"seen by nobody"'));
  expect((await reader.read(runId, null)).problem).toBeNull();
  await vi.waitFor(() => {
    expect(halted).toHaveBeenCalledOnce();
  });
  expect(halted.mock.calls[0]).toMatchObject([runId, { code: 'JOURNAL_BROKEN' }]);
  const { problem, state } = await reader.read(runId, null);
  expect(problem?.message).toContain('says something else');
  expect(state).toEqual(folded);
});

test('goes through the lines behind once, not for every look', async () => {
  await layLong();
  const files = new RunFiles(paths, user);
  const checks = vi.fn(() => Promise.resolve(null));
  const glance = files.glance.bind(files);
  files.glance = async (...of) => ({ ...(await glance(...of)), checkBehind: checks });
  const looking = new RunReader({ files, events: { halted }, onFault });
  await looking.read(runId, null);
  await looking.read(runId, null);
  expect(checks).toHaveBeenCalledOnce();
});

test('shows what lies before a break, and nothing after it', async () => {
  const file = layRun(paths, runId);
  writeFileSync(file, readFileSync(file, 'utf8').replace('half of all', 'some of all'));
  const { state, records, problem } = await reader.read(runId, null);
  expect(problem).toMatchObject({ code: 'JOURNAL_BROKEN' });
  expect(records.at(-1)?.seq).toBe(state.lastSeq);
  expect(records.length).toBeLessThan(readyToExecute().length);
});

test('shows nothing of a journal that belongs to another run', async () => {
  layLines(paths, runIdOf(2), long);
  const read = await reader.read(runIdOf(2), null);
  expect(read).toMatchObject({ records: [], problem: { code: 'JOURNAL_FOREIGN' } });
  expect(read.state.started).toBeNull();
});

test('says that there is no such run', async () => {
  await expect(reader.read(runId, null)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  await expect(reader.older(runId, 10)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('gives a run that this process drives from memory, with what was written last', async () => {
  layLines(paths, runId, long);
  const { state, records } = await reader.read(runId, folded);
  expect(state).toBe(folded);
  expect(records.at(-1)?.seq).toBe(folded.lastSeq);
});
