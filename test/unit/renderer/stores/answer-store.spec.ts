import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { createAnswerStore, valueOf } from '../../../../renderer/stores/answer-store.js';

function setUp() {
  const gates = new Map<string, { answer: (text: string) => void; refuse: (e: Error) => void }>();
  const store = createAnswerStore<string, string>(
    (input) =>
      new Promise((answer, refuse) => {
        gates.set(input, { answer, refuse });
      }),
  );
  return { store, gates };
}

test('shows the answer to the last question even when an earlier one comes in after it', async () => {
  const { store, gates } = setUp();
  const first = store.getState().ask('v1.1.0');
  const second = store.getState().ask('v1.0.0');
  gates.get('v1.0.0')?.answer('one migration between');
  await second;
  gates.get('v1.1.0')?.answer('nothing between');
  await first;
  expect(store.getState().answer).toEqual({ status: 'ready', value: 'one migration between' });
});

test('keeps what was known when asking again fails', async () => {
  const { store, gates } = setUp();
  const first = store.getState().ask('a');
  gates.get('a')?.answer('known');
  await first;
  const again = store.getState().ask('b');
  expect(valueOf(store.getState().answer)).toBe('known');
  gates.get('b')?.refuse(new AppError('RUN_NOT_FOUND', 'gone'));
  await again;
  expect(store.getState().answer.status).toBe('failed');
  expect(valueOf(store.getState().answer)).toBe('known');
});

test('forgets the previous answer when it was about something else', () => {
  const { store } = setUp();
  void store.getState().ask('other', 'forget-previous');
  expect(valueOf(store.getState().answer)).toBeNull();
});
