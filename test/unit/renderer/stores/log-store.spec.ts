import { expect, test, vi } from 'vitest';
import type { LogEntry } from '../../../../shared/ipc/views.js';
import { createLogStore } from '../../../../renderer/stores/log-store.js';
import { FakeClient } from '../../../fakes/fake-client.js';
import { runId } from '../../../fakes/sample-run.js';

const entry = (index: number): LogEntry => ({
  at: '2026-11-23T12:00:00.000Z',
  stepId: null,
  stream: 'stdout',
  text: `line ${index}`,
  isError: false,
});
const lines = (from: number, count: number): LogEntry[] =>
  Array.from({ length: count }, (_, offset) => entry(from + offset));

async function setUp(total: number) {
  const client = new FakeClient();
  const kept = { total };
  client.answer('logs.page', ({ from, count }) => ({
    entries: lines(from, Math.max(0, Math.min(count, kept.total - from))),
    total: kept.total,
  }));
  const store = createLogStore(client, 'service');
  await store.getState().open(runId);
  const push = (from: number, count: number) => {
    kept.total = Math.max(kept.total, from + count);
    client.push('logs.appended', { runId, source: 'service', from, entries: lines(from, count) });
  };
  const totalNow = () => {
    const { view } = store.getState();
    return view.status === 'open' ? view.total : null;
  };
  return { client, store, push, totalNow };
}

test('opens at the end of a long log without reading all of it', async () => {
  const { client, store, totalNow } = await setUp(100_000);
  expect(totalNow()).toBe(100_000);
  expect(store.getState().lineAt(99_999)?.text).toBe('line 99999');
  expect(store.getState().lineAt(0)).toBeUndefined();
  expect(client.times('logs.page')).toBe(2);
});

test('reads the lines that are looked at, once', async () => {
  const { client, store } = await setUp(100_000);
  store.getState().want(1_200, 40);
  store.getState().want(1_210, 40);
  await vi.waitFor(() => {
    expect(store.getState().lineAt(1_210)?.text).toBe('line 1210');
  });
  expect(client.times('logs.page')).toBe(3);
});

test('goes on with the live tail', async () => {
  const { store, push, totalNow } = await setUp(3);
  push(3, 2);
  expect(totalNow()).toBe(5);
  expect(store.getState().lineAt(4)?.text).toBe('line 4');
});

test('reads the lines of a missed push', async () => {
  const { store, push, totalNow } = await setUp(3);
  push(6, 2);
  expect(totalNow()).toBe(8);
  expect(store.getState().lineAt(7)?.text).toBe('line 7');
  await vi.waitFor(() => {
    expect(store.getState().lineAt(4)?.text).toBe('line 4');
  });
});

test('takes no lines of the other log', async () => {
  const { client, totalNow } = await setUp(3);
  client.push('logs.appended', { runId, source: 'step', from: 3, entries: lines(3, 1) });
  expect(totalNow()).toBe(3);
});

test('forgets far pages instead of growing for ever, and reads them again when asked', async () => {
  const { store } = await setUp(200_000);
  store.getState().want(0, 80 * 500);
  await vi.waitFor(() => {
    expect(store.getState().lineAt(79 * 500)).toBeDefined();
  });
  expect(store.getState().lineAt(0)).toBeUndefined();
  expect(store.getState().lineAt(199_999)).toBeDefined();
  store.getState().want(0, 1);
  await vi.waitFor(() => {
    expect(store.getState().lineAt(0)?.text).toBe('line 0');
  });
});
