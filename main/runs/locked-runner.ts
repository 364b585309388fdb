import type { StepState } from '../../shared/run/state.js';
import type { KindRunner } from '../steps/step-runner.js';

/**
 * The same runner, which asks whether the environment is still this run's before anything changes. A look needs no lock.
 * It asks while the state before a change is captured, so that the answer costs no way over the line of its own.
 */
export function lockedRunner(
  runner: KindRunner,
  asks: {
    readonly beforeUnit: (unit: string, signal: AbortSignal) => Promise<void>;
    readonly beforeUndo: () => Promise<void>;
  },
): KindRunner {
  const ask = async (step: StepState | undefined, signal: AbortSignal): Promise<void> => {
    if (step !== undefined && step.plan.risk !== 'read') {
      await asks.beforeUnit(step.plan.unit, signal);
    }
  };
  return {
    ...runner,
    capture: async (step, signal) => {
      // Both end before anybody goes on: a look that is left alone would outlive its step.
      const [asked, captured] = await Promise.allSettled([
        ask(step, signal),
        runner.capture(step, signal),
      ]);
      if (asked.status === 'rejected') {
        throw asked.reason;
      }
      if (captured.status === 'rejected') {
        throw captured.reason;
      }
      return captured.value;
    },
    act: async (step, before, signal) => {
      await ask(step, signal);
      return runner.act(step, before, signal);
    },
    actTogether: async (work, signal) => {
      await ask(work.parts[0]?.step, signal);
      return runner.actTogether(work, signal);
    },
    undo: async (step) => {
      await asks.beforeUndo();
      return runner.undo(step);
    },
  };
}
