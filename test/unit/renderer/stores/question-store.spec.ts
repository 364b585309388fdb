import { expect, test } from 'vitest';
import { createQuestionStore } from '../../../../renderer/stores/question-store.js';
import type { Client } from '../../../../renderer/ipc/client.js';
import type { AskedQuestion } from '../../../../shared/ipc/views.js';

const asked: AskedQuestion = {
  id: '00000000-0000-4000-8000-000000000001',
  question: { kind: 'password', host: 'app-1', user: 'deploy' },
};

/** Main that has one question open; `push` tells of a change. */
function main() {
  let listener: (pending: AskedQuestion[]) => void = () => undefined;
  const requests: [string, unknown][] = [];
  const client = {
    subscribe: (_name: string, on: typeof listener) => {
      listener = on;
      return () => undefined;
    },
    request: (name: string, input: unknown) => {
      requests.push([name, input]);
      return Promise.resolve(name === 'connections.pending' ? [asked] : null);
    },
  } as unknown as Client;
  return {
    client,
    requests,
    push: (pending: AskedQuestion[]) => {
      listener(pending);
    },
  };
}

test('a page that was loaded anew finds what was asked before', async () => {
  const store = createQuestionStore(main().client);
  await store.getState().load();

  expect(store.getState().pending).toEqual([asked]);
});

test('what was pushed while the page was reading is newer than what it read', async () => {
  const { client, push } = main();
  const store = createQuestionStore(client);
  const loading = store.getState().load();
  push([]);
  await loading;

  expect(store.getState().pending).toEqual([]);
});

test('an answer crosses once and is not kept', async () => {
  const { client, requests } = main();
  const store = createQuestionStore(client);
  await store.getState().answer(asked.id, { kind: 'secret', value: 'hunter2' });

  expect(requests).toEqual([
    ['connections.answer', { id: asked.id, answer: { kind: 'secret', value: 'hunter2' } }],
  ]);
  expect(JSON.stringify(store.getState())).not.toContain('hunter2');
});
