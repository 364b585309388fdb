import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { toErrorJson } from '../../../shared/errors/app-error.js';
import type { ErrorJson } from '../../../shared/errors/app-error.js';
import { noActions } from './action.js';
import type { Action, StageActions } from './action.js';
import type { DialogSpec } from './dialog-spec.js';

/** Two presses closer than this are one press: the second must not act on what the first brought up. */
export const DOUBLE_PRESS_MS = 400;

export type Failure = { readonly label: string; readonly error: ErrorJson };

export type ActionRegistry = {
  readonly stage: StageActions;
  /** Set while the run may only be read: these actions stand in place of the stage's own. */
  readonly override: StageActions | null;
  /** Available everywhere: home, theme, palette, keys. */
  readonly frame: readonly Action[];
  /** Ids of the actions whose request has not been answered yet. */
  readonly inFlight: ReadonlySet<string>;
  readonly failure: Failure | null;
  /** Why the last press did nothing. */
  readonly refusal: string | null;
  readonly dialog: DialogSpec | null;
  readonly setStage: (actions: StageActions) => void;
  readonly setOverride: (actions: StageActions | null) => void;
  readonly setFrame: (actions: readonly Action[]) => void;
  readonly perform: (action: Action) => Promise<void>;
  readonly press: (key: string, atMs: number, isEnterFree: boolean) => boolean;
  readonly ask: (dialog: DialogSpec) => void;
  readonly closeDialog: () => void;
  readonly dismiss: () => void;
};

export function createActionRegistry(): StoreApi<ActionRegistry> {
  return createStore<ActionRegistry>()((set, get) => {
    const isSecondOfTwo = createPressGuard();
    return {
      stage: noActions,
      override: null,
      frame: [],
      inFlight: new Set(),
      failure: null,
      refusal: null,
      dialog: null,

      setStage: (stage) => {
        set({ stage, refusal: null });
      },
      setOverride: (override) => {
        set({ override });
      },
      setFrame: (frame) => {
        set({ frame });
      },
      perform: (action) => perform(set, get, action),
      press: (key, atMs, isEnterFree) => {
        const { dialog, frame } = get();
        if (dialog !== null || (key === 'Enter' && !isEnterFree)) {
          return false;
        }
        const action = actionsOf(stageActionsOf(get()), frame).find((each) => each.key === key);
        if (action === undefined) {
          return false;
        }
        if (!isSecondOfTwo(action.id, atMs) || key !== 'Enter') {
          void perform(set, get, action);
        }
        return true;
      },
      ask: (dialog) => {
        set({ dialog });
      },
      closeDialog: () => {
        set({ dialog: null });
      },
      dismiss: () => {
        set({ failure: null, refusal: null });
      },
    };
  });
}

/** Tells the second half of a double press that has met another action than the first half did. */
function createPressGuard(): (actionId: string, atMs: number) => boolean {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastId = '';
  return (actionId, atMs) => {
    const isSecond = atMs - lastMs < DOUBLE_PRESS_MS && actionId !== lastId;
    lastMs = atMs;
    lastId = actionId;
    return isSecond;
  };
}

type Store = StoreApi<ActionRegistry>;

/** An action whose request is on its way is not sent again. */
async function perform(
  set: Store['setState'],
  get: Store['getState'],
  action: Action,
): Promise<void> {
  if (get().inFlight.has(action.id)) {
    return;
  }
  const refusal = action.refusal ?? null;
  if (refusal !== null) {
    set({ refusal });
    return;
  }
  set({ inFlight: new Set(get().inFlight).add(action.id), failure: null, refusal: null });
  try {
    await action.run();
  } catch (thrown) {
    set({ failure: { label: action.label, error: toErrorJson(thrown) } });
  } finally {
    const inFlight = new Set(get().inFlight);
    inFlight.delete(action.id);
    set({ inFlight });
  }
}

/** What the stage's place in the bar offers now. */
export function stageActionsOf({
  stage,
  override,
}: Pick<ActionRegistry, 'stage' | 'override'>): StageActions {
  return override ?? stage;
}

/** Every action available now, the stage's first: where two share a key, the stage's wins. */
export function actionsOf(stage: StageActions, frame: readonly Action[]): readonly Action[] {
  return [...(stage.primary === null ? [] : [stage.primary]), ...stage.others, ...frame];
}
