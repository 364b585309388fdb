import { access, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Journal } from '../../main/engine/journal.js';
import type { UnchainedRecord } from '../../main/engine/journal.js';
import { readJournal } from '../../main/engine/journal-format.js';
import { spaceForRun } from '../../main/engine/journal-space.js';
import { RunEngine } from '../../main/engine/run-engine.js';
import { StepId } from '../../shared/plan/planned-step.js';
import type { RunEvent } from '../../shared/run/events.js';
import { foldRecords } from '../../shared/run/fold.js';
import type { RunState } from '../../shared/run/state.js';
import { session } from '../fakes/chained.js';
import { FakeRunner } from '../fakes/fake-runner.js';
import { planned, readyToExecute, runId, steps } from '../fakes/sample-run.js';
import { SmallDisk } from './small-disk.js';

const user = { session, appVersion: '0.0.0' };
let disk: SmallDisk | null = null;

afterEach(() => {
  disk?.dispose();
  disk = null;
});

function insert(size: string): { disk: SmallDisk; file: string } {
  disk = new SmallDisk(size);
  return { disk, file: path.join(disk.folder, 'run', 'journal.jsonl') };
}

function recordsOf(events: readonly RunEvent[], from = 0): UnchainedRecord[] {
  const at = '2026-11-23T10:00:00.000Z';
  return events.map((event, index) => {
    return { v: 1, runId, seq: from + index, at, monotonicMs: index, session, event };
  });
}

/** A run on a real disk whose steps are switches. `onDelay` stands for the second that passes before the next try. */
class RunOnDisk {
  readonly runner = new FakeRunner();
  readonly said: (string | null)[] = [];
  onDelay: () => void = () => undefined;
  readonly engine: RunEngine;
  readonly journal: Journal;

  constructor(journal: Journal, from: RunState) {
    this.journal = journal;
    const now = (): string => new Date().toISOString();
    const delay = async (): Promise<void> => {
      await new Promise(setImmediate);
      this.onDelay();
    };
    const clock = { now, monotonicMs: () => performance.now(), delay };
    const onFault = (thrown: unknown): void => {
      throw thrown;
    };
    this.engine = new RunEngine(
      {
        runId,
        session,
        from,
        clock,
        append: (records) => journal.append(records),
        publish: () => undefined,
        onHalt: (error) => this.said.push(error?.message ?? null),
        onFault,
        runner: this.runner,
      },
      [],
    );
  }

  static async begin(file: string): Promise<RunOnDisk> {
    const journal = await Journal.create(file, user);
    const records = await journal.append(recordsOf(readyToExecute()));
    return new RunOnDisk(journal, foldRecords(records));
  }

  async approve(unit: string): Promise<void> {
    await this.engine.dispatch({ type: 'approve', unit, typed: null, authority: null });
    await this.engine.idle();
  }
}

test('goes the whole way and back on a disk that filled up after the order', async () => {
  const { disk: small, file } = insert('4m');
  const run = await RunOnDisk.begin(file);
  small.fill();
  for (const unit of ['find', 'make', 'cutover', 'check']) {
    await run.approve(unit);
  }
  await run.engine.dispatch({ type: 'roll-forward', reason: 'errors rise' });
  await run.engine.idle();
  expect(run.engine.state.phase).toBe('rolled-forward');
  expect(run.said).toEqual([]);
  await run.journal.close();
  const { problem, records } = readJournal(await readFile(file));
  expect(problem).toBeNull();
  expect(foldRecords(records)).toEqual(run.engine.state);
});

test('touches nothing new on a full disk, says so, and goes on when there is room again', async () => {
  const { disk: small, file } = insert('4m');
  const run = await RunOnDisk.begin(file);
  await rm(`${file}.reserve`);
  small.fill();
  // What is left of the last page is used up first, down to the shortest record there is.
  for (const length of [500, 1]) {
    const notes = async (): Promise<void> => {
      for (let index = 0; index < 100; index += 1) {
        await run.engine.dispatch({ type: 'note', text: 'n'.repeat(length) });
      }
    };
    await expect(notes()).rejects.toMatchObject({
      code: 'JOURNAL_WRITE_FAILED',
      message: 'The journal cannot be written: the disk is full.',
    });
  }
  const { lastSeq } = run.engine.state;
  await expect(run.approve('find')).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
  expect(run.runner.acts).toEqual([]);
  expect(readJournal(await readFile(file))).toMatchObject({ problem: null, tornBytes: 0 });
  small.makeRoom();
  await run.approve('find');
  expect(run.runner.acts).toEqual(['find']);
  const { problem, records } = readJournal(await readFile(file));
  expect(problem).toBeNull();
  expect(records[lastSeq + 1]?.event.type).toBe('unit.approved');
  await run.journal.close();
});

test('keeps the outcome of a step through a disk that is full just then', async () => {
  const { disk: small, file } = insert('4m');
  const run = await RunOnDisk.begin(file);
  await run.approve('find');
  await rm(`${file}.reserve`);
  run.runner.onAct = async () => {
    small.fill();
    // The last page of the journal still has room for a record or two.
    const { size } = await stat(file);
    const text = 'n'.repeat(Math.max(1, 4_096 - (size % 4_096) - 350));
    await run.engine.dispatch({ type: 'note', text }).catch(() => undefined);
  };
  let tries = 0;
  run.onDelay = () => {
    tries += 1;
    if (tries === 3) {
      small.makeRoom();
    }
  };
  await run.approve('make');
  expect(run.said.at(0)).toBe('The journal cannot be written: the disk is full.');
  expect(run.said.at(-1)).toBeNull();
  expect(run.runner.acts).toEqual(['find', 'make']);
  expect(run.engine.state.steps[1]?.status).toBe('succeeded');
  await run.journal.close();
  const { records, problem } = readJournal(await readFile(file));
  expect(problem).toBeNull();
  expect(foldRecords(records)).toEqual(run.engine.state);
});

test('refuses an order for which there is no room forth and back, and records nothing of it', async () => {
  const { file } = insert('2m');
  const journal = await Journal.create(file, user);
  const plan = Array.from({ length: 200 }, (_, index) => planned(`step-${String(index)}`));
  const events = readyToExecute(plan);
  const order = events.findIndex(({ type }) => type === 'rollback.ordered');
  await journal.append(recordsOf(events.slice(0, order)));
  await expect(journal.append(recordsOf(events.slice(order), order))).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
    message: '4.4 MiB cannot be kept for the whole run and its undo: the disk is full.',
  });
  // A shorter way may still fit.
  await journal.append(recordsOf(readyToExecute(steps).slice(order), order));
  await journal.close();
  expect(readJournal(await readFile(file))).toMatchObject({ problem: null, tornBytes: 0 });
});

test('lays no run on a disk that is full from the start, and leaves nothing there', async () => {
  const { disk: small, file } = insert('1m');
  small.fill();
  await expect(Journal.create(file, user)).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
    message: expect.stringContaining('the disk is full') as string,
  });
  expect(await readdir(path.dirname(file)).catch(() => [])).toEqual([]);
});

test('keeps room for the plan while the run is open and gives it back when it is closed', async () => {
  const { file } = insert('4m');
  const run = await RunOnDisk.begin(file);
  expect((await stat(`${file}.reserve`)).size).toBe(spaceForRun(steps.length));
  await run.engine.dispatch({ type: 'close', reason: 'not needed' });
  await expect(access(`${file}.reserve`)).rejects.toThrow();
  await run.journal.close();
});

test('takes the room again when a run is taken up that had used it', async () => {
  const { file } = insert('4m');
  const run = await RunOnDisk.begin(file);
  await run.journal.close();
  await rm(`${file}.reserve`);
  const { journal } = await Journal.open(file, user);
  expect((await stat(`${file}.reserve`)).size).toBe(spaceForRun(steps.length));
  await journal.close();
});

test('reads a run on a read-only disk, does not take it up, and does when it can be written again', async () => {
  const { disk: small, file } = insert('4m');
  const run = await RunOnDisk.begin(file);
  await run.approve('find');
  await run.journal.close();
  const before = await readFile(file);
  small.makeReadOnly(true);
  expect(readJournal(await readFile(file)).problem).toBeNull();
  await expect(Journal.open(file, user)).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
    message: expect.stringContaining('the disk is read-only') as string,
  });
  await expect(Journal.create(`${file}.other`, user)).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
  });
  expect(await readFile(file)).toEqual(before);
  small.makeReadOnly(false);
  const { journal, opened } = await Journal.open(file, user);
  const again = new RunOnDisk(journal, opened.state);
  await again.approve('make');
  expect(again.engine.state.steps[1]?.status).toBe('succeeded');
  expect(again.engine.state.steps[1]?.plan.id).toBe(StepId.parse('make'));
  await journal.close();
});
