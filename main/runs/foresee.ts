import type { Foresight } from '../../shared/plan/foresight.js';
import type { LiveRun } from './live-run.js';

/** What approving this unit would make different, for the steps that can tell beforehand. Reads only. */
export async function foresee(live: LiveRun, unit: string): Promise<readonly Foresight[]> {
  const foreseen: Foresight[] = [];
  for (const step of live.state.steps.filter(({ plan }) => plan.unit === unit)) {
    const foresight = await live.runner.foresee(step, live.senses.signal);
    if (foresight !== null) {
      foreseen.push(foresight);
    }
  }
  return foreseen;
}
