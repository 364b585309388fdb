import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { HomeView } from '../../shared/ipc/views.js';
import { useHome, useNavigation, useStores } from '../stores/stores.js';
import { useAsk, useStageActions } from '../ui/actions/actions-context.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { StageLayout } from '../ui/stage-layout.js';
import { homeActions } from './home-actions.js';
import { homeItems } from './home-items.js';
import { HomeSections } from './home-sections.js';

/** Services with their readiness, what is unfinished, and the two ways to begin. */
export function HomeScreen(): ReactNode {
  const { state, refresh } = useHome();
  useEffect(() => {
    void refresh();
  }, [refresh]);
  switch (state.status) {
    case 'ready':
      return <Ready home={state.home} />;
    case 'failed':
      return (
        <StageLayout>
          <ErrorNotice label="Reading the home screen" error={state.error} />
        </StageLayout>
      );
    case 'loading':
      return (
        <StageLayout>
          <EmptyState title="Reading runbooks and runs…" />
        </StageLayout>
      );
  }
}

function Ready({ home }: { readonly home: HomeView }): ReactNode {
  const stores = useStores();
  const { openRun } = useNavigation();
  const ask = useAsk();
  const items = useMemo(() => homeItems(home), [home]);
  const [pickedKey, pick] = useState<string | null>(null);
  const picked = items.find(({ key }) => key === pickedKey) ?? items[0];
  useStageActions(
    homeActions({
      items,
      picked,
      pick,
      ask,
      openRun,
      planOf: (item) => stores.home.getState().planOf(item.service.runbookId, item.environment),
      takeOver: async () => {
        const runId = await stores.home.getState().takeOver();
        if (runId !== null) {
          openRun(runId);
        }
      },
      start: async (input) => {
        openRun(await stores.home.getState().start(input));
      },
    }),
  );
  return (
    <StageLayout>
      <HomeSections home={home} items={items} picked={picked} onPick={pick} onOpen={openRun} />
    </StageLayout>
  );
}
