import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Answer } from '../../shared/connections/questions.js';
import type { AskedQuestion } from '../../shared/ipc/views.js';
import type { Client } from '../ipc/client.js';

export type QuestionStore = {
  /** What connections wait for, oldest first. Holds no answer: those live in the dialog while it is open. */
  readonly pending: readonly AskedQuestion[];
  /** Reads what was asked before this page was there. */
  readonly load: () => Promise<void>;
  readonly answer: (id: string, answer: Answer) => Promise<void>;
};

export function createQuestionStore(client: Client): StoreApi<QuestionStore> {
  return createStore<QuestionStore>()((set) => {
    let hasHeard = false;
    client.subscribe('connections.asked', (pending) => {
      hasHeard = true;
      set({ pending });
    });
    return {
      pending: [],

      async load() {
        const pending = await client.request('connections.pending', null).catch(() => []);
        // What was pushed meanwhile is newer.
        if (!hasHeard) {
          set({ pending });
        }
      },

      async answer(id, answer) {
        await client.request('connections.answer', { id, answer });
      },
    };
  });
}
