import type { Input } from '../../shared/ipc/contract.js';
import type { CleanUpOffer } from '../../shared/run/clean-up.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { valueOf } from '../stores/answer-store.js';
import type { Answer } from '../stores/answer-store.js';
import { useClient } from '../stores/stores.js';
import { useAnswer } from '../stores/use-run.js';
import type { Action } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

export const CLEAN_UP = 'clean-up';

export type CleanUpView = {
  readonly answer: Answer<readonly CleanUpOffer[]>;
  readonly actions: readonly Action[];
};

/** What a closed run has left. Asked only when the operator wants to know: it reaches into the environment. */
export function useCleanUp(run: RunState, { runId, environment }: StartedRun): CleanUpView {
  const client = useClient();
  const openDialog = useAsk();
  const { answer, ask } = useAnswer((input: Input<'cleanUp.look'>) =>
    client.request('cleanUp.look', input),
  );
  const look: Action = {
    id: 'look-clean-up',
    label: 'Look what the run has left',
    key: 'L',
    tone: 'quiet',
    isInBar: false,
    run: async () => {
      await ask({ runId });
      document.getElementById(CLEAN_UP)?.scrollIntoView({ block: 'center' });
    },
  };
  const offers = (valueOf(answer) ?? []).filter(({ refusal }) => refusal === null);
  const remove: Action = {
    id: 'clean-up',
    label: 'Remove what the run has left…',
    key: 'R',
    tone: 'danger',
    refusal: offers.length === 0 ? 'Nothing may be removed.' : null,
    run: () => {
      openDialog(
        cleanUpDialog(offers, environment.name, async (items, typed) => {
          // Looked at again also where it failed: some of it may be gone.
          await client
            .request('cleanUp.remove', { runId, items: [...items], typed })
            .finally(() => ask({ runId }, 'forget-previous'));
        }),
      );
    },
  };
  if (run.phase !== 'closed') {
    return { answer, actions: [] };
  }
  return { answer, actions: answer.status === 'ready' ? [look, remove] : [look] };
}

/** Nothing is ticked beforehand: what goes is chosen, and typed for. */
export function cleanUpDialog(
  offers: readonly CleanUpOffer[],
  environment: string,
  remove: (items: readonly string[], typed: string) => Promise<void>,
): DialogSpec {
  return {
    title: `Remove for good from ${environment}`,
    text: 'What is removed cannot be brought back. Volumes stay. What serves is not touched.',
    fields: [
      {
        kind: 'checks',
        name: 'items',
        label: 'What goes',
        choices: offers.map(({ id, kind, name, facts }) => ({
          value: id,
          label: `${kind} ${name}`,
          text: facts.join(' '),
        })),
      },
      { kind: 'text', name: 'typed', label: 'Name of the environment', mustEqual: environment },
    ],
    confirm: 'Remove what is ticked',
    isDanger: true,
    submit: ({ items = '', typed = '' }) =>
      remove(
        items.split(',').filter((id) => id !== ''),
        typed.trim(),
      ),
  };
}
