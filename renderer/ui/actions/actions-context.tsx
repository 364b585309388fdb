import { createContext, useContext, useEffect, useLayoutEffect } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { noActions } from './action.js';
import type { Action, StageActions } from './action.js';
import type { DialogSpec } from './dialog-spec.js';
import { isTyping, keyName, ownsEnter } from './keys.js';
import type { ActionRegistry } from './registry.js';

const ActionsContext = createContext<StoreApi<ActionRegistry> | null>(null);

export function ActionsProvider({
  registry,
  children,
}: {
  readonly registry: StoreApi<ActionRegistry>;
  readonly children: ReactNode;
}): ReactNode {
  useKeys(registry);
  return <ActionsContext.Provider value={registry}>{children}</ActionsContext.Provider>;
}

export function useActionRegistry(): StoreApi<ActionRegistry> {
  const registry = useContext(ActionsContext);
  if (registry === null) {
    throw new Error('useActionRegistry() needs an ActionsProvider above it');
  }
  return registry;
}

export function useActions<T>(selector: (registry: ActionRegistry) => T): T {
  return useStore(useActionRegistry(), selector);
}

/** A stage says on every render what can be done now. The frame shows, binds and lists it. */
export function useStageActions(actions: StageActions): void {
  const registry = useActionRegistry();
  useLayoutEffect(() => {
    registry.getState().setStage(actions);
  });
  useLayoutEffect(
    () => () => {
      registry.getState().setStage(noActions);
    },
    [registry],
  );
}

/** Puts these actions in place of the stage's own while it is not null; the frame alone calls this. */
export function useOverrideActions(actions: StageActions | null): void {
  const registry = useActionRegistry();
  useLayoutEffect(() => {
    registry.getState().setOverride(actions);
  });
  useLayoutEffect(
    () => () => {
      registry.getState().setOverride(null);
    },
    [registry],
  );
}

/** Actions that exist on every screen; the frame alone calls this. */
export function useFrameActions(actions: readonly Action[]): void {
  const registry = useActionRegistry();
  useLayoutEffect(() => {
    registry.getState().setFrame(actions);
  });
}

/** Opens the dialog for an action that needs a reason, evidence or typed approval. */
export function useAsk(): (dialog: DialogSpec) => void {
  const registry = useActionRegistry();
  return registry.getState().ask;
}

function useKeys(registry: StoreApi<ActionRegistry>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) {
        return;
      }
      const key = keyName(event);
      const focus = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      if (isTyping(focus) && !key.startsWith('Mod+')) {
        return;
      }
      // A key that is held down is one press.
      if (event.repeat) {
        return;
      }
      // A modal layer that is not ours (palette, keys help) has its own keys.
      if (document.querySelector('[aria-modal="true"]') !== null) {
        return;
      }
      if (registry.getState().press(key, event.timeStamp, !ownsEnter(focus))) {
        event.preventDefault();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [registry]);
}
