import { expect, test } from 'vitest';
import { Journal } from '../../../../main/engine/journal.js';
import { GENESIS, readJournal } from '../../../../main/engine/journal-format.js';
import { RunEngine } from '../../../../main/engine/run-engine.js';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import { FakeRunner } from '../../../fakes/fake-runner.js';
import { RecordingDisk } from '../../../fakes/recording-disk.js';
import { readyToExecute, runId } from '../../../fakes/sample-run.js';

const session = '11111111-1111-4111-8111-111111111111';
const at = new Date(0).toISOString();

/** The world writes into the disk's own account, so that the order of both is one list. */
class WatchedRunner extends FakeRunner {
  readonly #disk: RecordingDisk;

  constructor(disk: RecordingDisk) {
    super();
    this.#disk = disk;
    this.onAct = (stepId) => {
      this.#touch(`act ${stepId}`, { type: 'step.started', stepId });
      return Promise.resolve();
    };
  }

  override undo(step: Parameters<FakeRunner['undo']>[0]): Promise<string> {
    this.#touch(`undo ${step.plan.id}`, { type: 'undo.started', stepId: step.plan.id });
    return super.undo(step);
  }

  /** What a power cut at this very instant would leave must announce what is about to be done. */
  #touch(what: string, announced: Readonly<Record<string, unknown>>): void {
    this.#disk.calls.push(what);
    const { problem, records } = readJournal(this.#disk.synced);
    expect(problem).toBeNull();
    expect(records.at(-1)?.event).toMatchObject(announced);
  }
}

type World = {
  readonly disk: RecordingDisk;
  readonly engine: RunEngine;
  readonly runner: WatchedRunner;
  readonly halts: (string | null)[];
};

async function makeWorld(): Promise<World> {
  const disk = new RecordingDisk();
  const journal = new Journal(disk, { size: 0, head: GENESIS });
  const unchained = (event: RunEvent, seq: number): Omit<RunRecord, 'prev'> => {
    return { v: 1, runId, seq, at, monotonicMs: seq, session, event };
  };
  const history = await journal.append(readyToExecute().map(unchained));
  disk.calls.length = 0;
  const halts: (string | null)[] = [];
  const runner = new WatchedRunner(disk);
  const engine = new RunEngine(
    {
      runId,
      session,
      runner,
      append: (records) => journal.append(records),
      publish: () => undefined,
      onHalt: (error) => halts.push(error?.code ?? null),
      onFault: (thrown) => {
        throw thrown;
      },
      clock: { now: () => at, monotonicMs: () => 0, delay: () => Promise.resolve() },
    },
    history,
  );
  return { disk, engine, halts, runner };
}

async function approveAll(engine: RunEngine): Promise<void> {
  for (const unit of ['find', 'make', 'cutover', 'check']) {
    await engine.dispatch({ type: 'approve', unit, typed: null, authority: null });
    await engine.idle();
  }
}

function expectSyncBeforeEach(calls: readonly string[], touches: readonly string[]): void {
  expect(calls.filter((call) => /^(act|undo) /.test(call))).toEqual(touches);
  for (const touch of touches) {
    const index = calls.indexOf(touch);
    expect(calls.slice(index - 2, index)).toEqual(['write', 'sync']);
  }
}

test('every act comes right after the sync of the record that announces it', async () => {
  const { disk, engine } = await makeWorld();
  await approveAll(engine);
  expect(engine.state.phase).toBe('completed');
  expectSyncBeforeEach(disk.calls, ['act find', 'act make', 'act stop', 'act start', 'act check']);
});

test('every undo comes right after the sync of the record that announces it', async () => {
  const { disk, engine } = await makeWorld();
  await approveAll(engine);
  disk.calls.length = 0;
  await engine.dispatch({ type: 'roll-forward', reason: 'wrong version' });
  await engine.idle();
  expect(engine.state.phase).toBe('rolled-forward');
  expectSyncBeforeEach(disk.calls, ['undo start', 'undo stop', 'undo make']);
});

test('a sync that fails is none: nothing is touched before one has succeeded', async () => {
  const { disk, engine, halts } = await makeWorld();
  await engine.dispatch({ type: 'approve', unit: 'find', typed: null, authority: null });
  disk.failingSyncs = 2;
  await engine.idle();
  expect(halts).toEqual(['JOURNAL_WRITE_FAILED', 'JOURNAL_WRITE_FAILED', null]);
  expect(disk.calls.filter((call) => call === 'sync failed')).toHaveLength(2);
  expect(disk.calls.indexOf('act find')).toBeGreaterThan(disk.calls.lastIndexOf('sync failed'));
  expectSyncBeforeEach(disk.calls, ['act find']);
});

test('steps that are one piece of work come after one sync of all their records', async () => {
  const { disk, engine, runner } = await makeWorld();
  const announced: unknown[] = [];
  runner.detached.add('stop').add('start');
  runner.onAct = (stepId) => {
    disk.calls.push(`act ${stepId}`);
    const { records } = readJournal(disk.synced);
    announced.push(
      records.flatMap(({ event }) => (event.type === 'step.started' ? [event.stepId] : [])),
    );
    return Promise.resolve();
  };
  await approveAll(engine);
  expect(announced[2]).toEqual(['find', 'make', 'stop', 'start']);
  const index = disk.calls.indexOf('act stop');
  expect(disk.calls.slice(index - 2, index)).toEqual(['write', 'sync']);
});
