import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';
import type { StepRunner } from './step-runner-port.js';

/** What is known of a step before it begins. `already`: what it wants was there before we came. */
export type PreparedStep =
  | { readonly is: 'already'; readonly facts: string }
  | { readonly is: 'ready'; readonly before: Json };

/** Observes and captures side by side: both only read. Rejects as they do. */
export async function prepareStep(
  runner: StepRunner,
  step: StepState,
  signal: AbortSignal,
): Promise<PreparedStep> {
  // A retry keeps the first snapshot: a second one would picture our own half-done change.
  const isFirst = step.attempt === 0 || runner.capturesAnew(step);
  const capturing = isFirst ? runner.capture(step, signal) : step.before;
  // Where it is already so, there may be nothing to picture.
  Promise.resolve(capturing).catch(() => undefined);
  const { isDone, facts } = await runner.observe(step, signal);
  return isDone === true ? { is: 'already', facts } : { is: 'ready', before: await capturing };
}
