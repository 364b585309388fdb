import { expect, test, vi } from 'vitest';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import type { Output } from '../../../../shared/ipc/contract.js';
import { createRunStore } from '../../../../renderer/stores/run-store.js';
import { foldRecords } from '../../../../shared/run/fold.js';
import { packState } from '../../../../shared/run/pack-state.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { FakeClient } from '../../../fakes/fake-client.js';
import { readyToExecute, runId, steps } from '../../../fakes/sample-run.js';

const session = '22222222-2222-4222-8222-222222222222';

function recordsOf(events: readonly RunEvent[], from = 0): RunRecord[] {
  return events.map((event, index) => ({
    v: 1,
    runId,
    seq: from + index,
    prev: '0'.repeat(64),
    at: `2026-11-23T12:00:${String(from + index).padStart(2, '0')}.000Z`,
    monotonicMs: (from + index) * 1_000,
    session,
    event,
  }));
}

const history = recordsOf(readyToExecute());
const [first, second, third] = recordsOf(
  ['one', 'two', 'three'].map((text) => ({ type: 'note.added', text, by: 'operator' })),
  history.length,
) as [RunRecord, RunRecord, RunRecord];

function readOf(records: readonly RunRecord[], isAttached = true) {
  return (): Output<'runs.read'> => ({
    state: JSON.stringify(packState(foldRecords(records))),
    records: [...records],
    older: 0,
    isAttached,
    lights: [],
    owner: null,
    problem: null,
    clock: { at: '2026-11-23T12:01:00.000Z', monotonicMs: 60_000, session },
  });
}

function setUp() {
  const client = new FakeClient();
  let pageMs = 5_000;
  const store = createRunStore(client, () => ({ wallMs: pageMs, monotonicMs: pageMs }));
  const open = () => {
    const { view } = store.getState();
    if (view.status !== 'open') {
      throw new Error(`The run is ${view.status}.`);
    }
    return view;
  };
  const wait = (milliseconds: number) => {
    pageMs += milliseconds;
  };
  return { client, store, open, wait, notes: () => open().run.notes.map(({ text }) => text) };
}

test('folds the journal into the same state that main has', async () => {
  const { client, store, open } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  expect(open().run.phase).toBe('executing');
  expect(open().run.steps).toHaveLength(steps.length);
  expect(open().records).toHaveLength(history.length);
});

test('keeps what main pushes while the journal is still being read', async () => {
  const { client, store, notes } = setUp();
  client.answer('runs.read', () => {
    client.push('runs.appended', second);
    client.push('runs.appended', first);
    return readOf(history)();
  });
  await store.getState().open(runId);
  expect(notes()).toEqual(['one', 'two']);
});

test('does not fold a record twice that was both read and pushed', async () => {
  const { client, store, notes } = setUp();
  client.answer('runs.read', () => {
    client.push('runs.appended', first);
    return readOf([...history, first])();
  });
  await store.getState().open(runId);
  client.push('runs.appended', first);
  expect(notes()).toEqual(['one']);
});

test('heals a gap by reading again', async () => {
  const { client, store, open, notes } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  client.answer('runs.read', readOf([...history, first, second]));
  client.push('runs.appended', second);
  await vi.waitFor(() => {
    expect(notes()).toEqual(['one', 'two']);
  });
  expect(open().records).toHaveLength(history.length + 2);
});

test('folds a record that overtakes the healing exactly once', async () => {
  const { client, store, notes } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  client.answer('runs.read', () => {
    client.push('runs.appended', third);
    return readOf([...history, first, second])();
  });
  client.push('runs.appended', second);
  await vi.waitFor(() => {
    expect(notes()).toEqual(['one', 'two', 'three']);
  });
  expect(client.times('runs.read')).toBe(2);
});

/** A long journal: main gives its state and only the newest records. */
function tailOf(records: readonly RunRecord[], from: number): Output<'runs.read'> {
  return { ...readOf(records)(), records: records.slice(from), older: from };
}

test('shows a long run whole from its newest records, and older ones when asked', async () => {
  const { client, store, open } = setUp();
  const long = [...history, first, second, third];
  client.answer('runs.read', () => tailOf(long, 5));
  await store.getState().open(runId);
  expect(open().run).toEqual(foldRecords(long));
  expect(open().records).toHaveLength(long.length - 5);
  client.answer('runs.older', ({ before }) => ({
    records: long.slice(before - 3, before),
    older: before - 3,
  }));
  await store.getState().readOlder();
  expect(open().records.map(({ seq }) => seq)).toEqual(long.slice(2).map(({ seq }) => seq));
  client.answer('runs.older', ({ before }) => ({ records: long.slice(0, before), older: 0 }));
  await store.getState().readOlder();
  await store.getState().readOlder();
  expect(open().records).toEqual(long);
  expect(client.times('runs.older')).toBe(2);
});

test('folds what is newer than the state that came with it', async () => {
  const { client, store, notes } = setUp();
  const later = [...history, first, second];
  client.answer('runs.read', () => ({ ...tailOf(later, 3), state: readOf(history)().state }));
  await store.getState().open(runId);
  expect(notes()).toEqual(['one', 'two']);
});

test('leaves no hole in the records where more was missed than comes at once', async () => {
  const { client, store, open } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  const later = [...history, first, second, third];
  client.answer('runs.read', () => tailOf(later, history.length + 1));
  client.push('runs.appended', third);
  await vi.waitFor(() => {
    expect(open().run).toEqual(foldRecords(later));
  });
  expect(open().records).toEqual([second, third]);
  expect(open().older).toBe(history.length + 1);
});

test('takes no record of another run', async () => {
  const { client, store, notes } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  const other = { ...first, runId: '7f3a0000-0000-4000-8000-00000000000f' as typeof runId };
  client.push('runs.appended', other);
  expect(notes()).toEqual([]);
});

test('says why a journal cannot be read', async () => {
  const { client, store } = setUp();
  client.answer('runs.read', () => {
    throw new AppError('JOURNAL_BROKEN', 'Line 3 does not follow line 2.');
  });
  await store.getState().open(runId);
  expect(store.getState().view).toMatchObject({
    status: 'unreadable',
    error: { code: 'JOURNAL_BROKEN' },
  });
});

test('shows the run that was opened last, whichever answer comes first', async () => {
  const { client, store, open } = setUp();
  const answers: (() => void)[] = [];
  client.answer('runs.read', () => {
    const records = answers.length === 0 ? [] : history;
    return new Promise((resolve) => {
      answers.push(() => {
        resolve(readOf(records)());
      });
    });
  });
  const opened = [store.getState().open(runId), store.getState().open(runId)];
  answers[1]?.();
  answers[0]?.();
  await Promise.all(opened);
  expect(open().records).toHaveLength(history.length);
});

test('counts on with main’s clocks from the moment they were read', async () => {
  const { client, store, wait } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  wait(2_500);
  expect(store.getState().nowMoment()).toEqual({
    at: '2026-11-23T12:01:02.500Z',
    monotonicMs: 62_500,
    session,
  });
});

test('knows after continuing that this console drives the run', async () => {
  const { client, store, open } = setUp();
  client.answer('runs.read', readOf(history, false));
  await store.getState().open(runId);
  expect(open().isAttached).toBe(false);
  client.answer('runs.resume', () => null);
  client.answer('runs.read', readOf([...history, first], true));
  await store.getState().resume();
  expect(open().isAttached).toBe(true);
  expect(open().run.notes).toHaveLength(1);
});

test('says that nothing can be written down, and keeps showing the run though it cannot be read either', async () => {
  const { client, store, open } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  client.answer('runs.read', () => {
    throw new AppError('JOURNAL_BROKEN', 'The disk does not answer.');
  });
  const error = { code: 'JOURNAL_WRITE_FAILED', message: 'No space left.', retryable: true };
  client.push('runs.halted', { runId, error });
  await vi.waitFor(() => {
    expect(client.times('runs.read')).toBe(2);
  });
  expect(open()).toMatchObject({ halted: error, isAttached: true });
  client.answer('runs.read', readOf(history));
  client.push('runs.halted', { runId, error: null });
  await vi.waitFor(() => {
    expect(open().halted).toBeNull();
  });
});

test('only reads a run from the moment its journal turns out to be broken', async () => {
  const { client, store, open } = setUp();
  client.answer('runs.read', readOf(history));
  await store.getState().open(runId);
  const problem = { line: 3, code: 'JOURNAL_BROKEN', message: 'Line 3 does not follow line 2.' };
  client.answer('runs.read', () => ({ ...readOf(history, false)(), problem }));
  client.push('runs.halted', { runId, error: { ...problem, retryable: false } });
  await vi.waitFor(() => {
    expect(open()).toMatchObject({ isAttached: false, problem });
  });
});
