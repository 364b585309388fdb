import { useState } from 'react';
import { useStore } from 'zustand';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunState } from '../../shared/run/state.js';
import { createAnswerStore } from './answer-store.js';
import type { AnswerStore } from './answer-store.js';
import { createDraftStore } from './draft-store.js';
import type { Draft } from './draft-store.js';
import { useStores } from './stores.js';

/** The state of the open run. Renders again for a record, not for every probe and light. */
export function useRun(): RunState {
  const run = useStore(useStores().run, ({ view }) => (view.status === 'open' ? view.run : null));
  if (run === null) {
    throw new Error('useRun() needs an open run');
  }
  return run;
}

export function useSend(): (command: RunCommand) => Promise<void> {
  return useStores().run.getState().send;
}

/** A part of the run that the operator fills in; `shown` is what was entered, recorded or not yet. */
export function useRunDraft<T extends object>(
  select: (run: RunState) => T,
  command: (value: T) => RunCommand,
): Draft<T> & { readonly shown: T } {
  const { run: runStore } = useStores();
  const [store] = useState(() =>
    createDraftStore<T>(
      () => {
        const { view } = runStore.getState();
        if (view.status !== 'open') {
          throw new Error('A draft needs an open run');
        }
        return select(view.run);
      },
      (value) => runStore.getState().send(command(value)),
    ),
  );
  const draft = useStore(store);
  const recorded = select(useRun());
  return { ...draft, shown: draft.pending ?? recorded };
}

/** A question to main that belongs to this screen. */
export function useAnswer<I, T>(request: (input: I) => Promise<T>): AnswerStore<I, T> {
  const [store] = useState(() => createAnswerStore(request));
  return useStore(store);
}
