import { judge } from '../../shared/decision/judge.js';
import type { Evidence } from '../../shared/decision/evidence.js';
import type { Verdict } from '../../shared/decision/verdict.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Output } from '../../shared/ipc/contract.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import type { Answer } from '../stores/answer-store.js';
import { useClient } from '../stores/stores.js';
import { useAnswer, useRun, useRunDraft } from '../stores/use-run.js';
import { takeMeasured } from './take-measured.js';

export type Decide = {
  readonly run: RunState;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly change: (part: Partial<Evidence>) => void;
  readonly say: (criterionId: string, isSaid: boolean) => void;
  /** Why the last entry is not in the journal yet, with a way to try again. */
  readonly draft: { readonly failure: ErrorJson | null; readonly retry: () => Promise<void> };
  readonly measured: Answer<Output<'runs.measure'>>;
  readonly measure: () => Promise<void>;
};

/** The evidence as it is entered and measured, and what follows from it. */
export function useDecide(started: StartedRun): Decide {
  const run = useRun();
  const client = useClient();
  const { shown, failure, change, retry } = useRunDraft(
    ({ evidence }) => evidence,
    (evidence) => ({ type: 'record-evidence', evidence }),
  );
  const { answer, ask } = useAnswer(async (runId: StartedRun['runId']) => {
    const numbers = await client.request('runs.measure', { runId });
    await change((now) => takeMeasured(now, numbers.errorRatePercent));
    return numbers;
  });
  return {
    run,
    evidence: shown,
    verdict: judge(shown, started.runbook.decision),
    change: (part) => {
      void change(part);
    },
    say: (criterionId, isSaid) => {
      const others = shown.saidCriteria.filter((id) => id !== criterionId);
      void change({ saidCriteria: isSaid ? [...others, criterionId] : others });
    },
    draft: { failure, retry },
    measured: answer,
    measure: () => ask(started.runId),
  };
}
