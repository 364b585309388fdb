import { Spotlight } from '@mantine/spotlight';
import type { ReactNode } from 'react';
import { ALL_ACTIONS } from '../ui/actions/action-bar.js';
import { useActionRegistry, useActions } from '../ui/actions/actions-context.js';
import { actionsOf, stageActionsOf } from '../ui/actions/registry.js';
import { KeyHint } from '../ui/key-hint.js';

/** Every action that exists now, by its words; what is not possible says why. */
export function Palette(): ReactNode {
  const registry = useActionRegistry();
  const stage = useActions(stageActionsOf);
  const frame = useActions((state) => state.frame);
  const all = actionsOf(stage, frame);
  // Each action once, also where it has two keys: a list with the same id twice keeps showing what was filtered out.
  const listed = all.filter(
    ({ id }, index) => id !== ALL_ACTIONS && all.findIndex((other) => other.id === id) === index,
  );
  return (
    <Spotlight
      shortcut={null}
      scrollable
      maxHeight={440}
      highlightQuery
      nothingFound="No action of that name here."
      searchProps={{ placeholder: 'What do you want to do?', 'aria-label': 'Search the actions' }}
      actions={listed.map((action) => ({
        id: action.id,
        label: action.label,
        description: action.refusal ?? action.detail ?? '',
        disabled: (action.refusal ?? null) !== null,
        rightSection: action.key === null ? null : <KeyHint name={action.key} />,
        onClick: () => {
          void registry.getState().perform(action);
        },
      }))}
    />
  );
}
