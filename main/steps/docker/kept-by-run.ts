import { z } from 'zod';
import type { RunState } from '../../../shared/run/state.js';
import { swapNames } from './swap-names.js';

/** An old container that a run has kept beside its replacement. */
export type KeptByRun = {
  readonly engine: string;
  readonly id: string;
  readonly keptAs: string;
  readonly service: string;
  readonly since: string;
};

const Params = z.object({ engine: z.string(), container: z.string(), keepAs: z.string() });
const Before = z.object({ oldId: z.string().nullable() });

/** From the journal alone. A swap that was taken back kept nothing; nor did one whose container removed itself. */
export function keptByRun({ steps, closed }: RunState): readonly KeptByRun[] {
  return steps.flatMap(({ plan, status, before, endedAt }) => {
    const params = Params.safeParse(plan.params);
    const captured = Before.safeParse(before);
    if (plan.kind !== swapNames.kind || status !== 'succeeded') {
      return [];
    }
    if (!params.success || !captured.success || captured.data.oldId === null) {
      return [];
    }
    const { engine, container: service, keepAs: keptAs } = params.data;
    const since = endedAt?.at ?? closed?.at.at ?? '';
    return [{ engine, id: captured.data.oldId, keptAs, service, since }];
  });
}

/** Undo is the way back while a run is open: then nothing that it needs is removed. Null when clean-up may be offered. */
export function refusalOfCleanUp({ closed, steps }: RunState): string | null {
  if (closed === null) {
    return 'The run is not closed: what it kept is its way back. Close it first.';
  }
  const isOpenEnded = steps.some(({ status }) => status === 'unknown' || status === 'undo-failed');
  return isOpenEnded
    ? 'The outcome of a step was never known, or it could not be taken back: look by hand first.'
    : null;
}
