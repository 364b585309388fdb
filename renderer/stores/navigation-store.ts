import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RunId } from '../../shared/run/events.js';
import type { Stage } from '../../shared/run/select.js';

export type Place =
  | { readonly screen: 'home' }
  /** `stage` is null until the run is read: then it opens where the operator's next action is. */
  | { readonly screen: 'run'; readonly runId: RunId; readonly stage: Stage | null };

export type NavigationStore = {
  readonly place: Place;
  readonly goHome: () => void;
  readonly openRun: (runId: RunId) => void;
  readonly openStage: (stage: Stage) => void;
};

export function createNavigationStore(): StoreApi<NavigationStore> {
  return createStore<NavigationStore>()((set, get) => ({
    place: { screen: 'home' },
    goHome() {
      set({ place: { screen: 'home' } });
    },
    openRun(runId) {
      set({ place: { screen: 'run', runId, stage: null } });
    },
    openStage(stage) {
      const { place } = get();
      if (place.screen === 'run') {
        set({ place: { ...place, stage } });
      }
    },
  }));
}
