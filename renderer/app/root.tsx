import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { HomeScreen } from '../home/home-screen.js';
import { StoresProvider } from '../stores/stores.js';
import type { Stores } from '../stores/stores.js';
import { ActionDialog } from '../ui/actions/action-dialog.js';
import { ActionsProvider } from '../ui/actions/actions-context.js';
import type { ActionRegistry } from '../ui/actions/registry.js';
import { NowProvider } from '../ui/now.js';
import { Frame } from './frame.js';
import { OpeningRun } from './opening-run.js';
import { Overlays } from './overlays.js';
import { QuestionDialog } from './question-dialog.js';
import { loadRunScreen } from './load-run-screen.js';
import { resolveVariables, theme } from './theme.js';

/** The six stages are most of the page; Home is on the screen before they are read. */
const RunScreen = lazy(loadRunScreen);

/** Styles made at run time must carry the nonce of this load, which main put into the page. */
function styleNonce(): string {
  return document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

export function Root({
  stores,
  registry,
}: {
  readonly stores: Stores;
  readonly registry: StoreApi<ActionRegistry>;
}): ReactNode {
  const system = useColorScheme('dark', { getInitialValueInEffect: false });
  const chosen = useStore(stores.settings, ({ view }) =>
    view.status === 'ready' ? view.settings.theme : 'system',
  );
  const place = useStore(stores.navigation, (navigation) => navigation.place);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      forceColorScheme={chosen === 'system' ? system : chosen}
      getStyleNonce={styleNonce}
    >
      <StoresProvider stores={stores}>
        <ActionsProvider registry={registry}>
          <NowProvider now={stores.run.getState().nowMoment}>
            <Overlays>
              {place.screen === 'home' ? (
                <Frame>
                  <HomeScreen />
                </Frame>
              ) : (
                <Suspense fallback={<OpeningRun />}>
                  <RunScreen runId={place.runId} stage={place.stage} />
                </Suspense>
              )}
            </Overlays>
            <ActionDialog />
            <QuestionDialog />
          </NowProvider>
        </ActionsProvider>
      </StoresProvider>
    </MantineProvider>
  );
}
