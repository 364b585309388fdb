import { useMemo } from 'react';
import type { Foresight } from '../../shared/plan/foresight.js';
import type { StepId } from '../../shared/plan/planned-step.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunState } from '../../shared/run/state.js';
import type { Stage } from '../../shared/run/select.js';
import { useClient, useNavigation, useOpenRun, useStores } from './stores.js';

export type RunTools<Ask> = {
  readonly run: RunState;
  readonly openStage: (stage: Stage) => void;
  readonly send: (command: RunCommand) => Promise<void>;
  readonly look: (stepId: StepId) => Promise<void>;
  readonly foresee: (unit: string) => Promise<readonly Foresight[]>;
  /** Nothing, unless a screen looks by itself and says so. */
  readonly looking: string | null;
  readonly foreseeUndo: (stepId: StepId | null) => Promise<readonly string[]>;
  readonly copy: (text: string) => Promise<void>;
  readonly ask: Ask;
};

/** The open run with everything that its steps are worked with; how to ask the operator is the screen's. */
export function useRunTools<Ask>(ask: Ask): RunTools<Ask> {
  const client = useClient();
  const stores = useStores();
  const { run, runId } = useOpenRun();
  const { openStage } = useNavigation();
  return useMemo(
    () => ({
      run,
      ask,
      openStage,
      send: stores.run.getState().send,
      look: async (stepId) => {
        await client.request('runs.look', { runId, stepId });
      },
      foresee: (unit) => client.request('runs.foresee', { runId, unit }),
      looking: null,
      foreseeUndo: (stepId) => client.request('runs.foreseeUndo', { runId, stepId }),
      copy: async (text) => {
        await client.request('clipboard.copy', { text, html: null });
      },
    }),
    [ask, client, openStage, run, runId, stores],
  );
}
