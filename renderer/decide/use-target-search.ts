import { useEffect, useState } from 'react';
import type { Input } from '../../shared/ipc/contract.js';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import { suggestTarget } from '../../shared/plan/suggest-target.js';
import type { Suggestion } from '../../shared/plan/suggest-target.js';
import type { RunState } from '../../shared/run/state.js';
import { valueOf } from '../stores/answer-store.js';
import type { Answer } from '../stores/answer-store.js';
import { useClient } from '../stores/stores.js';
import { useAnswer } from '../stores/use-run.js';
import { byAge } from './target-facts.js';

export type TargetSearch = {
  readonly targets: readonly Target[];
  readonly found: Answer<{ readonly targets: readonly Target[]; readonly at: string }>;
  readonly suggestion: Suggestion | null;
  /** Chosen by the operator, recorded before, or suggested: in this order. */
  readonly chosen: Target | null;
  readonly preview: Answer<readonly PreviewItem[]>;
  readonly choose: (targetId: string) => void;
  readonly lookAgain: () => Promise<void>;
  readonly askRegistry: (tags: readonly string[]) => Promise<void>;
  readonly previewAgain: () => Promise<void>;
};

/** Looks for what there is to go back to, and whether that is still possible. Reads only. */
export function useTargetSearch(run: RunState): TargetSearch {
  const client = useClient();
  const runId = run.started?.runId;
  const isDeciding = run.phase === 'deciding';
  const [chosenId, choose] = useState<string | null>(null);
  const { answer: found, ask: find } = useAnswer((input: Input<'runs.findTargets'>) =>
    client.request('runs.findTargets', input),
  );
  const { answer: preview, ask: look } = useAnswer((input: Input<'runs.preview'>) =>
    client.request('runs.preview', input),
  );

  useEffect(() => {
    if (isDeciding && runId !== undefined) {
      void find({ runId });
    }
  }, [isDeciding, runId, find]);

  const targets = byAge(valueOf(found)?.targets ?? []);
  const suggestion = suggestTarget(targets);
  const chosen = pick(targets, [chosenId, run.target?.id ?? null, suggestion?.target.id ?? null]);
  const targetId = chosen?.id;
  useEffect(() => {
    if (isDeciding && runId !== undefined && targetId !== undefined) {
      void look({ runId, targetId }, 'forget-previous');
    }
  }, [isDeciding, runId, targetId, look]);

  return {
    targets,
    found,
    suggestion,
    chosen,
    preview,
    choose,
    lookAgain: async () => {
      if (runId !== undefined) {
        await find({ runId });
      }
    },
    askRegistry: async (tags) => {
      if (runId !== undefined) {
        await find({ runId, registryTags: [...tags] });
      }
    },
    previewAgain: async () => {
      if (runId !== undefined && targetId !== undefined) {
        await look({ runId, targetId });
      }
    },
  };
}

/** The first of the ids that can really be gone back to. */
function pick(targets: readonly Target[], ids: readonly (string | null)[]): Target | null {
  for (const id of ids) {
    const target = targets.find((candidate) => candidate.id === id && !candidate.isServing);
    if (target !== undefined) {
      return target;
    }
  }
  return null;
}
