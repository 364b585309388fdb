import type { ReactNode } from 'react';
import { KeyHint } from '../key-hint.js';
import classes from './action-bar.module.css';
import type { Action } from './action.js';
import { useActionRegistry, useActions } from './actions-context.js';

/** An action as a button: its exact words and its key. It stays focusable while refused, to say why. */
export function ActionButton({ action }: { readonly action: Action }): ReactNode {
  const registry = useActionRegistry();
  const isInFlight = useActions(({ inFlight }) => inFlight.has(action.id));
  const refusal = action.refusal ?? null;
  // One sign in the bar: the eye finds the primary by it. The others are words and keys.
  const Sign = action.tone === 'primary' ? action.icon : undefined;
  return (
    <button
      type="button"
      className={classes['button']}
      data-tone={action.tone}
      data-action={action.id}
      aria-disabled={refusal !== null || isInFlight}
      aria-busy={isInFlight}
      title={refusal ?? action.detail}
      // The mouse must not take the focus away: Enter belongs to the primary action again at once.
      onMouseDown={(event) => {
        event.preventDefault();
      }}
      onClick={() => {
        void registry.getState().perform(action);
      }}
    >
      {Sign === undefined ? null : <Sign size={16} stroke={1.9} aria-hidden />}
      <span>{action.label}</span>
      {action.key === null ? null : <KeyHint name={action.key} />}
    </button>
  );
}
