import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';

export type Draft<T> = {
  /** What was changed here and is not known to be recorded yet; null when there is nothing of the kind. */
  readonly pending: T | null;
  readonly failure: ErrorJson | null;
  /** A function is given what stands now; null from it changes nothing. */
  readonly change: (part: Partial<T> | ((now: T) => Partial<T> | null)) => Promise<void>;
  readonly retry: () => Promise<void>;
};

/**
 * Keeps what the operator enters until the journal has it. Each change is sent as a whole, built on the change
 * before it and not on what came back meanwhile, so that two quick entries cannot undo each other; one is sent
 * at a time, so that they arrive in order. What could not be recorded stays here and can be sent again.
 */
export function createDraftStore<T extends object>(
  recorded: () => T,
  send: (value: T) => Promise<void>,
): StoreApi<Draft<T>> {
  return createStore<Draft<T>>()((set, get) => {
    let sending: Promise<void> | null = null;

    async function sendAll(): Promise<void> {
      for (let sent: T | null = null; get().pending !== sent;) {
        const next: T | null = get().pending;
        if (next === null) {
          return;
        }
        try {
          await send(next);
          set({ failure: null });
        } catch (thrown) {
          set({ failure: toErrorJson(thrown) });
          return;
        }
        sent = next;
      }
      set({ pending: null });
    }

    function flush(): Promise<void> {
      sending ??= sendAll().finally(() => {
        sending = null;
      });
      return sending;
    }

    return {
      pending: null,
      failure: null,
      async change(part) {
        const now = get().pending ?? recorded();
        const changes = typeof part === 'function' ? part(now) : part;
        if (changes !== null) {
          set({ pending: { ...now, ...changes } });
          await flush();
        }
      },
      retry: flush,
    };
  });
}
