import { AppError } from '../../shared/errors/app-error.js';
import type { Foresight } from '../../shared/plan/foresight.js';
import type { StepId } from '../../shared/plan/planned-step.js';
import { undoLossWords, undoneWithLoss } from '../../shared/run/predicted-loss.js';
import { stepsToUndo } from '../../shared/run/select.js';
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

/**
 * What taking back would lose as things are now: of one step, or of all (null). Empty where nothing would be. What cannot
 * be counted is said, and keeps nobody from taking back. Reads only.
 */
export async function foreseeUndo(
  live: LiveRun,
  stepId: StepId | null,
): Promise<readonly string[]> {
  const asked = stepsToUndo(live.state).filter(({ plan }) => stepId === null || plan.id === stepId);
  const lines: string[] = [...undoLossWords(live.state, asked)];
  for (const step of undoneWithLoss(live.state, asked)) {
    try {
      lines.push(...(await live.runner.foreseeUndo(step, live.senses.signal)));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) {
        throw thrown;
      }
      lines.push(`How much it is could not be counted: ${thrown.message}`);
    }
  }
  return lines;
}
