import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockOf } from '../../../../main/engine/journal.js';
import { takeLock } from '../../../../main/engine/run-lock.js';
import { createClock } from '../../../../main/runs/clock.js';
import { RunFiles } from '../../../../main/runs/run-files.js';
import { RunList } from '../../../../main/runs/run-list.js';
import { dataPaths, makeDataFolders } from '../../../../main/storage/data-paths.js';
import type { DataPaths } from '../../../../main/storage/data-paths.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import type { RunState } from '../../../../shared/run/state.js';
import { chained, session } from '../../../fakes/chained.js';
import { addEvent, closed, layLines, layRun, runIdOf } from '../../../fakes/runs-on-disk.js';
import { readyToExecute } from '../../../fakes/sample-run.js';

let folder = '';
let paths: DataPaths;
let files: RunFiles;
let list: RunList;
const nobody = new Map<never, { readonly state: RunState }>();

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lastgood-list-'));
  paths = dataPaths(folder);
  makeDataFolders(paths);
  files = new RunFiles(paths, { session, appVersion: '0.0.0' });
  list = new RunList({ files, index: null, clock: createClock() });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('shows open and closed runs, newest first', async () => {
  layRun(paths, runIdOf(1), [closed]);
  const late = chained(readyToExecute(), runIdOf(2));
  layLines(paths, runIdOf(2), late);
  const runs = await list.read(nobody);
  expect(runs.map(({ outcome }) => outcome).toSorted()).toEqual(['abandoned', null]);
  expect(runs.every(({ problem, owner }) => problem === null && owner === null)).toBe(true);
});

test('keeps a run in sight whose journal breaks, with what could be read and why', async () => {
  const journal = layRun(paths, runIdOf(1));
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('half of all', 'some of all'));
  const [run] = await list.read(nobody);
  expect(run).toMatchObject({ runId: runIdOf(1), service: 'parcel-tracker', outcome: null });
  expect(run?.problem).toContain('line 4');
});

test.each([
  ['{"v":2,"runId":"x","event":{}}', 'line 1 is of version 2'],
  ['not a journal', 'It is no journal of Lastgood'],
])('keeps a journal in sight of which nothing can be read: %s', async (line, problem) => {
  layLines(paths, runIdOf(1), [line]);
  const [run] = await list.read(nobody);
  expect(run).toMatchObject({ runId: runIdOf(1), phase: 'unreadable', isAttached: false });
  expect(run?.problem).toContain(problem);
});

test('notices a journal that lies in the folder of another run', async () => {
  layLines(paths, runIdOf(2), chained(readyToExecute(), runIdOf(1)));
  const [run] = await list.read(nobody);
  expect(run?.runId).toBe(runIdOf(2));
  expect(run?.problem).toContain(runIdOf(1));
  expect(await files.read(runIdOf(2))).toMatchObject({ problem: { code: 'JOURNAL_FOREIGN' } });
  await expect(files.open(runIdOf(2))).rejects.toMatchObject({ code: 'JOURNAL_FOREIGN' });
  expect(await files.ownerOf(runIdOf(2))).toBeNull();
});

test('passes over a folder in which no run ever came to its first record', async () => {
  mkdirSync(paths.run(runIdOf(1)).folder);
  layLines(paths, runIdOf(2), []);
  mkdirSync(path.join(paths.runs, 'something else'));
  expect(await list.read(nobody)).toEqual([]);
});

test('names who drives an open run', async () => {
  const journal = layRun(paths, runIdOf(1));
  const lock = await takeLock(lockOf(journal), session);
  expect((await list.read(nobody))[0]?.owner).toMatchObject({ pid: process.pid });
  await lock.release();
  expect((await list.read(nobody))[0]?.owner).toBeNull();
});

test('calls a step unknown that was under way when its console ended, unless another one is at it', async () => {
  const stepId = StepId.parse('make');
  const approved = { unit: 'make', stepIds: [stepId], by: 'operator', typed: null };
  const journal = layRun(paths, runIdOf(1), [
    { type: 'unit.approved', ...approved, authority: null },
    { type: 'step.started', stepId, attempt: 1, before: null },
  ]);
  expect((await list.read(nobody))[0]?.unknownSteps).toEqual(['make']);
  const lock = await takeLock(lockOf(journal), session);
  expect((await list.read(nobody))[0]?.unknownSteps).toEqual([]);
  await lock.release();
});

test('shows what was added to an open run since the last list', async () => {
  layRun(paths, runIdOf(1));
  expect((await list.read(nobody))[0]?.outcome).toBeNull();
  addEvent(paths, runIdOf(1), closed);
  expect((await list.read(nobody))[0]?.outcome).toBe('abandoned');
});

test('compares closed runs behind the list, for the next one', async () => {
  const journal = layRun(paths, runIdOf(1), [closed]);
  await list.read(nobody);
  await list.settled();
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('half of all', 'some of all them'));
  await list.read(nobody);
  await list.settled();
  expect((await list.read(nobody))[0]?.problem).toContain('line 4');
});

test('refuses a second run beside an open one, not beside one that cannot be continued', async () => {
  const journal = layRun(paths, runIdOf(1));
  await expect(list.refuseSecond(nobody, 'parcel-tracker', 'staging')).rejects.toMatchObject({
    code: 'RUN_ALREADY_OPEN',
    message: expect.stringContaining(runIdOf(1)) as string,
  });
  await list.refuseSecond(nobody, 'parcel-tracker', 'production');
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('half of all', 'some of all them'));
  await list.refuseSecond(nobody, 'parcel-tracker', 'staging');
});
