import { expect, test } from 'vitest';
import { createQuitGuard } from '../../../../main/app/quit-guard.js';
import type { QuitGuardDeps, QuitRisk } from '../../../../main/app/quit-guard.js';

const risk: QuitRisk = { message: 'A step is running.', detail: 'Its outcome will be unknown.' };

function setUp(overrides: Partial<QuitGuardDeps> = {}) {
  const happened: string[] = [];
  let answer: (isQuitting: boolean) => void = () => undefined;
  let markExited = (): void => undefined;
  const exited = new Promise<void>((resolve) => {
    markExited = resolve;
  });
  const requestQuit = createQuitGuard({
    mayQuit: () => null,
    ask: ({ message }) => {
      happened.push(`asked: ${message}`);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    beforeExit: () => {
      happened.push('ended in order');
      return Promise.resolve();
    },
    exit: () => {
      happened.push('exited');
      markExited();
    },
    logError: (message) => {
      happened.push(`logged: ${message}`);
    },
    ...overrides,
  });
  const settle = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return {
    happened,
    requestQuit,
    exited,
    answer: (yes: boolean) => {
      answer(yes);
    },
    settle,
  };
}

test('ends in order and exits when nothing is at risk', async () => {
  const { requestQuit, exited, happened } = setUp();
  requestQuit();
  await exited;
  expect(happened).toEqual(['ended in order', 'exited']);
});

test('stays when the operator wants to stay, and asks again the next time', async () => {
  const { requestQuit, answer, settle, exited, happened } = setUp({ mayQuit: () => risk });
  requestQuit();
  answer(false);
  await settle();
  expect(happened).toEqual(['asked: A step is running.']);
  requestQuit();
  answer(true);
  await exited;
  expect(happened.slice(1)).toEqual(['asked: A step is running.', 'ended in order', 'exited']);
});

test('asks one question, however often it is told to quit', () => {
  const { requestQuit, happened } = setUp({ mayQuit: () => risk });
  requestQuit();
  requestQuit();
  requestQuit();
  expect(happened).toEqual(['asked: A step is running.']);
});

test('exits even when ending in order fails', async () => {
  const { requestQuit, exited, happened } = setUp({
    beforeExit: () => Promise.reject(new Error('disk full')),
  });
  requestQuit();
  await exited;
  expect(happened).toEqual(['logged: Ending in order failed', 'exited']);
});

test('stays when the question itself fails', async () => {
  const { requestQuit, settle, happened } = setUp({
    mayQuit: () => risk,
    ask: () => Promise.reject(new Error('no dialog')),
  });
  requestQuit();
  await settle();
  expect(happened).toEqual(['logged: Quitting failed']);
});
