import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { RunEvent } from '../../shared/run/events.js';
import { isNextToRun } from '../../shared/run/next-action.js';
import type { StepState } from '../../shared/run/state.js';
import { prepareStep } from './prepare-step.js';
import type { PreparedStep } from './prepare-step.js';
import type { RunRecorder } from './run-recorder.js';
import type { StepRunner } from './step-runner-port.js';

export type LooksDeps = {
  readonly recorder: RunRecorder;
  readonly runner: StepRunner;
  readonly toErrorJson: (thrown: unknown) => ErrorJson;
};

/** `refused`: what it starts from could not be seen. */
type Prepared = { readonly step: StepState } & (
  PreparedStep | { readonly is: 'refused'; readonly error: ErrorJson }
);

type Ready = Extract<Prepared, { readonly is: 'ready' }>;

/**
 * Makes one look, or several at the same time: they change nothing, and none needs what another finds, so it does not matter
 * which is over first. All of them come to their end, also where one fails. What broke off is a failure and never unknown:
 * there is nothing that could have happened.
 */
export async function takeLooks(
  deps: LooksDeps,
  steps: readonly StepState[],
  signal: AbortSignal,
): Promise<void> {
  const { recorder } = deps;
  const prepared = await Promise.all(steps.map((step) => prepare(deps, step, signal)));
  const hasBegun = await recorder.recordSurely((state) =>
    // A command may have come in meanwhile: then none of them begins.
    isNextToRun(state, steps) ? beginnings(prepared) : [],
  );
  if (hasBegun) {
    const ready = prepared.filter((one): one is Ready => one.is === 'ready');
    await Promise.all(ready.map((one) => take(deps, one, signal)));
  }
}

async function prepare(
  { runner, toErrorJson }: LooksDeps,
  step: StepState,
  signal: AbortSignal,
): Promise<Prepared> {
  try {
    return { step, ...(await prepareStep(runner, step, signal)) };
  } catch (thrown) {
    return { step, is: 'refused', error: toErrorJson(thrown) };
  }
}

/** A failure takes the approval from what has not begun, so those that begin are said before it. */
function beginnings(prepared: readonly Prepared[]): RunEvent[] {
  const events = prepared.map(beginningOf);
  const isFailure = ({ type }: RunEvent): boolean => type === 'step.failed';
  return [...events.filter((event) => !isFailure(event)), ...events.filter(isFailure)];
}

function beginningOf(one: Prepared): RunEvent {
  const { id: stepId } = one.step.plan;
  switch (one.is) {
    case 'ready':
      return { type: 'step.started', stepId, attempt: one.step.attempt + 1, before: one.before };
    case 'already':
      return { type: 'step.succeeded', stepId, summary: one.facts, wasAlready: true };
    case 'refused':
      return { type: 'step.failed', stepId, error: one.error };
  }
}

async function take(
  { recorder, runner, toErrorJson }: LooksDeps,
  { step, before }: Ready,
  signal: AbortSignal,
): Promise<void> {
  const { id: stepId } = step.plan;
  const end = await runner.act(step, before, signal).then(
    (summary): RunEvent => ({ type: 'step.succeeded', stepId, summary, wasAlready: false }),
    (thrown: unknown): RunEvent => ({ type: 'step.failed', stepId, error: toErrorJson(thrown) }),
  );
  await recorder.recordSurely(() => [end]);
}
