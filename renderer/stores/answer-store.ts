import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';

/** What main was asked and has not said, has said, or could not say. */
export type Answer<T> =
  | { readonly status: 'unasked' }
  /** `previous` stays on the screen meanwhile, so that nothing jumps. */
  | { readonly status: 'asking'; readonly previous: T | null }
  | { readonly status: 'failed'; readonly error: ErrorJson; readonly previous: T | null }
  | { readonly status: 'ready'; readonly value: T };

export type AnswerStore<I, T> = {
  readonly answer: Answer<T>;
  /** Asks anew. Only the answer to the last question counts. */
  readonly ask: (input: I, keep?: 'keep-previous' | 'forget-previous') => Promise<void>;
};

export function createAnswerStore<I, T>(
  request: (input: I) => Promise<T>,
): StoreApi<AnswerStore<I, T>> {
  return createStore<AnswerStore<I, T>>()((set, get) => {
    let asked = 0;
    return {
      answer: { status: 'unasked' },

      async ask(input, keep = 'keep-previous') {
        const ticket = ++asked;
        const previous = keep === 'keep-previous' ? valueOf(get().answer) : null;
        set({ answer: { status: 'asking', previous } });
        const answer = await request(input)
          .then((value): Answer<T> => ({ status: 'ready', value }))
          .catch((thrown: unknown): Answer<T> => {
            return { status: 'failed', error: toErrorJson(thrown), previous };
          });
        if (ticket === asked) {
          set({ answer });
        }
      },
    };
  });
}

/** What can be shown: the answer itself, or the one before it. */
export function valueOf<T>(answer: Answer<T>): T | null {
  switch (answer.status) {
    case 'unasked':
      return null;
    case 'asking':
    case 'failed':
      return answer.previous;
    case 'ready':
      return answer.value;
  }
}
