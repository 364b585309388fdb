import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { createDraftStore } from '../../../../renderer/stores/draft-store.js';

type Form = { readonly cause: string; readonly steps: string };

/** Stands for the journal behind the page: takes an entry only when it is let through. */
function setUp() {
  let recorded: Form = { cause: '', steps: '' };
  const arrived: Form[] = [];
  const gates: { open: () => void; refuse: (error: Error) => void }[] = [];
  const draft = createDraftStore<Form>(
    () => recorded,
    async (value) => {
      await new Promise<void>((open, refuse) => {
        gates.push({ open, refuse });
      });
      arrived.push(value);
      recorded = value;
    },
  );
  return { draft, arrived, gates };
}

test('builds a second entry on the first one while that is still on its way', async () => {
  const { draft, arrived, gates } = setUp();
  const first = draft.getState().change({ cause: 'a lost lease' });
  const second = draft.getState().change({ steps: 'lengthen it' });
  expect(draft.getState().pending).toEqual({ cause: 'a lost lease', steps: 'lengthen it' });
  gates[0]?.open();
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.open();
  await Promise.all([first, second]);
  expect(arrived).toEqual([
    { cause: 'a lost lease', steps: '' },
    { cause: 'a lost lease', steps: 'lengthen it' },
  ]);
  expect(draft.getState().pending).toBeNull();
});

test('keeps what could not be recorded and sends it again when asked', async () => {
  const { draft, arrived, gates } = setUp();
  const change = draft.getState().change({ cause: 'a lost lease' });
  gates[0]?.refuse(new AppError('RUN_NOT_FOUND', 'gone'));
  await change;
  expect(draft.getState().failure?.code).toBe('RUN_NOT_FOUND');
  expect(draft.getState().pending).toEqual({ cause: 'a lost lease', steps: '' });

  const retry = draft.getState().retry();
  gates[1]?.open();
  await retry;
  expect(arrived).toEqual([{ cause: 'a lost lease', steps: '' }]);
  expect(draft.getState().failure).toBeNull();
});
