import { useMemo } from 'react';
import { useClient, useNavigation, useOpenRun, useStores } from '../stores/stores.js';
import { useAsk } from '../ui/actions/actions-context.js';
import type { StepDesk } from '../ui/step/step-desk.js';

/** Joins the open run and its commands into what the step actions work with. */
export function useStepDesk(): StepDesk {
  const client = useClient();
  const stores = useStores();
  const { run, runId } = useOpenRun();
  const { openStage } = useNavigation();
  const ask = useAsk();
  return useMemo(
    () => ({
      run,
      ask,
      openStage,
      send: stores.run.getState().send,
      look: async (stepId) => {
        await client.request('runs.look', { runId, stepId });
      },
      copy: async (text) => {
        await client.request('clipboard.copy', { text, html: null });
      },
    }),
    [ask, client, openStage, run, runId, stores],
  );
}
