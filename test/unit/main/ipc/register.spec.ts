import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { expect, test } from 'vitest';
import { registerHandlers } from '../../../../main/ipc/register.js';
import type { Handlers } from '../../../../main/ipc/register.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { requestNames } from '../../../../shared/ipc/contract.js';

type Listener = Parameters<IpcMain['handle']>[1];

/** Holds the handlers by channel, and calls one as Electron would. */
class FakeIpcMain {
  readonly channels = new Map<string, Listener>();

  handle(channel: string, listener: Listener): void {
    if (this.channels.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.channels.set(channel, listener);
  }

  async call(channel: string, input?: unknown): Promise<unknown> {
    const listener = this.channels.get(channel);
    if (listener === undefined) {
      throw new Error(`No handler registered for '${channel}'`);
    }
    return (await listener({} as IpcMainInvokeEvent, input)) as unknown;
  }
}

function setUp(handlers: Partial<Handlers>, isTrusted = true) {
  const ipcMain = new FakeIpcMain();
  const logged: { channel: string; thrown: unknown }[] = [];
  registerHandlers(Promise.resolve(handlers as Handlers), {
    ipcMain,
    isTrusted: () => isTrusted,
    logError: (channel, thrown) => {
      logged.push({ channel, thrown });
    },
  });
  return { ipcMain, logged };
}

const settings = { operator: 'Ana', theme: 'dark' } as const;

test('opens the channels of the contract and no others', () => {
  const { ipcMain } = setUp({});
  expect([...ipcMain.channels.keys()]).toEqual(requestNames.map((name) => `lastgood:${name}`));
});

test('answers a good request with its value', async () => {
  const { ipcMain } = setUp({ 'settings.write': (input) => Promise.resolve(input) });
  expect(await ipcMain.call('lastgood:settings.write', settings)).toEqual({
    ok: true,
    value: settings,
  });
});

test('refuses a frame it does not know before the handler hears of it', async () => {
  let calls = 0;
  const handler = () => {
    calls += 1;
    return Promise.resolve(settings);
  };
  const { ipcMain, logged } = setUp({ 'settings.read': handler }, false);
  expect(await ipcMain.call('lastgood:settings.read', null)).toMatchObject({
    ok: false,
    error: { code: 'IPC_FORBIDDEN' },
  });
  expect(calls).toBe(0);
  expect(logged).toHaveLength(1);
});

test.each([
  ['a wrong value', { operator: 'Ana', theme: 'pink' }],
  ['an unknown key', { ...settings, shell: 'rm' }],
  ['a missing key', { operator: 'Ana' }],
  ['nothing', undefined],
  ['a string', 'dark'],
])('refuses input with %s before the handler hears of it', async (_name, input) => {
  let calls = 0;
  const handler = () => {
    calls += 1;
    return Promise.resolve(settings);
  };
  const { ipcMain } = setUp({ 'settings.write': handler });
  expect(await ipcMain.call('lastgood:settings.write', input)).toMatchObject({
    ok: false,
    error: { code: 'IPC_BAD_INPUT', retryable: false },
  });
  expect(calls).toBe(0);
});

test('names the field that does not fit, and not what stood in it', async () => {
  const { ipcMain } = setUp({});
  const answer = await ipcMain.call('lastgood:settings.write', { operator: 'A', theme: 'hunter2' });
  expect(JSON.stringify(answer)).toContain('theme');
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test('sends a failure that was foreseen with its code and message', async () => {
  const { ipcMain } = setUp({
    'settings.read': () => Promise.reject(new AppError('RUN_NOT_FOUND', 'No run 7.')),
  });
  expect(await ipcMain.call('lastgood:settings.read', null)).toEqual({
    ok: false,
    error: { code: 'RUN_NOT_FOUND', message: 'No run 7.', retryable: false },
  });
});

test.each([
  ['a rejection', () => Promise.reject(new Error('postgres://u:hunter2@db'))],
  [
    'a throw',
    () => {
      throw new TypeError('hunter2 is not a function');
    },
  ],
])('keeps the words of a fault in the log (%s)', async (_name, handler) => {
  const { ipcMain, logged } = setUp({ 'settings.read': handler });
  const answer = await ipcMain.call('lastgood:settings.read', null);
  expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
  expect(String(logged[0]?.thrown)).toContain('hunter2');
});
