import { EventEmitter } from 'node:events';
import type { IpcRenderer } from 'electron';
import { expect, test } from 'vitest';
import { createBridge, PREFIX } from '../../../preload/bridge.js';
import { CHANNEL_PREFIX } from '../../../shared/ipc/channel-prefix.js';
import type { Payload } from '../../../shared/ipc/contract.js';

/** Answers every request with its own channel and input, and delivers events like the real one. */
class FakeIpcRenderer extends EventEmitter {
  invoke(channel: string, input: unknown): Promise<unknown> {
    return Promise.resolve({ ok: true, value: { channel, input } });
  }
}

function setUp() {
  const ipc = new FakeIpcRenderer();
  return { ipc, bridge: createBridge(ipc as unknown as IpcRenderer) };
}

const lit: Payload<'runs.lit'> = {
  runId: '00000000-0000-4000-8000-000000000000' as Payload<'runs.lit'>['runId'],
  lights: [],
};

test('uses the prefix of the contract', () => {
  expect(PREFIX).toBe(CHANNEL_PREFIX);
});

test('can reach no channel without the prefix', async () => {
  const { bridge } = setUp();
  await expect(bridge.request('home.read', null)).resolves.toEqual({
    ok: true,
    value: { channel: 'lastgood:home.read', input: null },
  });
});

test('hands the payload to the page and keeps the event object back', () => {
  const { ipc, bridge } = setUp();
  const received: unknown[][] = [];
  bridge.subscribe('runs.lit', (...all: unknown[]) => {
    received.push(all);
  });
  ipc.emit('lastgood:runs.lit', { sender: 'must not leak' }, lit);
  expect(received).toEqual([[lit]]);
});

test('stops listening when told so, for that listener alone', () => {
  const { ipc, bridge } = setUp();
  const heard: string[] = [];
  const stopFirst = bridge.subscribe('runs.lit', () => heard.push('first'));
  bridge.subscribe('runs.lit', () => heard.push('second'));
  stopFirst();
  ipc.emit('lastgood:runs.lit', {}, lit);
  expect(heard).toEqual(['second']);
});
