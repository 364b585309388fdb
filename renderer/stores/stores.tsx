import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../ipc/client.js';
import { createHomeStore } from './home-store.js';
import type { HomeStore } from './home-store.js';
import { asLeft } from './left-run.js';
import { createLogStore } from './log-store.js';
import type { LogStore } from './log-store.js';
import { createNavigationStore } from './navigation-store.js';
import type { NavigationStore } from './navigation-store.js';
import { createQuestionStore } from './question-store.js';
import type { QuestionStore } from './question-store.js';
import { createRunStore } from './run-store.js';
import type { OpenRun, RunStore } from './run-store.js';
import { createSettingsStore } from './settings-store.js';
import type { SettingsStore } from './settings-store.js';

/** Everything a screen may reach. Made once, at the root of the page. */
export type Stores = {
  readonly client: Client;
  readonly run: StoreApi<RunStore>;
  readonly home: StoreApi<HomeStore>;
  readonly stepLog: StoreApi<LogStore>;
  readonly serviceLog: StoreApi<LogStore>;
  readonly settings: StoreApi<SettingsStore>;
  readonly navigation: StoreApi<NavigationStore>;
  readonly questions: StoreApi<QuestionStore>;
};

export function createStores(client: Client): Stores {
  return {
    client,
    run: createRunStore(client),
    home: createHomeStore(client),
    stepLog: createLogStore(client, 'step'),
    serviceLog: createLogStore(client, 'service'),
    settings: createSettingsStore(client),
    navigation: createNavigationStore(),
    questions: createQuestionStore(client),
  };
}

const StoresContext = createContext<Stores | null>(null);

export function StoresProvider({
  stores,
  children,
}: {
  readonly stores: Stores;
  readonly children: ReactNode;
}): ReactNode {
  return <StoresContext.Provider value={stores}>{children}</StoresContext.Provider>;
}

export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (stores === null) {
    throw new Error('useStores() needs a StoresProvider above it');
  }
  return stores;
}

export function useClient(): Client {
  return useStores().client;
}

export function useRunView(): RunStore['view'] {
  return useStore(useStores().run, ({ view }) => view);
}

/** The open run. Stage screens are mounted only while one is open. */
export function useOpenRun(): OpenRun {
  const view = useRunView();
  if (view.status !== 'open') {
    throw new Error('useOpenRun() needs an open run');
  }
  return useMemo(
    () => (view.isAttached || view.owner !== null ? view : { ...view, run: asLeft(view.run) }),
    [view],
  );
}

export function useHome(): HomeStore {
  return useStore(useStores().home);
}

export function useSettings(): SettingsStore {
  return useStore(useStores().settings);
}

export function useNavigation(): NavigationStore {
  return useStore(useStores().navigation);
}
