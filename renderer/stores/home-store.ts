import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Input } from '../../shared/ipc/contract.js';
import type { EnvironmentCard, HomeView, HostPlan } from '../../shared/ipc/views.js';
import type { RunEventType, RunId } from '../../shared/run/events.js';
import type { Client } from '../ipc/client.js';

export type HomeState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: ErrorJson }
  | { readonly status: 'ready'; readonly home: HomeView };

export type HomeStore = {
  readonly state: HomeState;
  readonly refresh: () => Promise<void>;
  readonly start: (input: Input<'runs.start'>) => Promise<RunId>;
  /** What will be used to reach the hosts of an environment; connects to nothing. Empty where that cannot be found out. */
  readonly planOf: (
    runbookId: string,
    environment: EnvironmentCard,
  ) => Promise<readonly HostPlan[]>;
  /** Main asks for the file; null when the operator chose none. */
  readonly takeOver: () => Promise<RunId | null>;
};

/** Events that change a line on the home screen. */
const telling: ReadonlySet<RunEventType> = new Set([
  'run.started',
  'run.resumed',
  'run.handed-over',
  'run.taken-over',
  'run.closed',
  'rollback.completed',
  'roll-forward.completed',
]);

export function createHomeStore(client: Client): StoreApi<HomeStore> {
  return createStore<HomeStore>()((set, get) => {
    let asked = 0;
    client.subscribe('runs.appended', ({ event }) => {
      if (telling.has(event.type)) {
        void get().refresh();
      }
    });
    return {
      state: { status: 'loading' },

      /** Keeps what is shown until the answer is there, so that nothing flickers. */
      async refresh() {
        const ticket = ++asked;
        const state = await client
          .request('home.read', null)
          .then((home): HomeState => ({ status: 'ready', home }))
          .catch((thrown: unknown): HomeState => {
            return { status: 'failed', error: toErrorJson(thrown) };
          });
        if (ticket === asked) {
          set({ state });
        }
      },

      async start(input) {
        const { runId } = await client.request('runs.start', input);
        return runId;
      },

      planOf(runbookId, { name, tier }) {
        // The practice range is made by the console itself when the run starts.
        return tier === 'practice'
          ? Promise.resolve([])
          : client.request('connections.plan', { runbookId, environment: name }).catch(() => []);
      },

      async takeOver() {
        const taken = await client.request('runs.takeOver', null);
        return taken?.runId ?? null;
      },
    };
  });
}
