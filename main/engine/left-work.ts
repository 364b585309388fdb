import { AppError } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { RunEvent } from '../../shared/run/events.js';
import { stepById } from '../../shared/run/select.js';
import type { StepState } from '../../shared/run/state.js';
import type { StepEnd, WorkSight } from './step-runner-port.js';
import { eventOf, settle } from './together.js';
import type { TogetherDeps } from './together.js';

/** What a look at the host came to. `unseen`: the host cannot say; the step itself must be looked at. */
export type Heard = 'settled' | 'running' | 'unseen';

/**
 * Detached work leaves its own end where it was done, and that is believed: nobody is asked about what is written there.
 * What still runs is under way again. Work of which there is no trace was not begun where none of its steps is seen done.
 */
export async function hearOfWork(deps: TogetherDeps, step: StepState, job: string): Promise<Heard> {
  const steps = deps.recorder.state.steps.filter(
    ({ status, job: its }) => status === 'unknown' && its === job,
  );
  const sight = await deps.runner
    .lookAtWork({ job, steps }, new AbortController().signal)
    .catch((thrown: unknown) => {
      // The look at the step that follows says it in words.
      deps.toErrorJson(thrown);
      return null;
    });
  if (sight === null) {
    return 'unseen';
  }
  await record(deps, await endsOf(deps, steps, sight));
  if (sight.status === 'running') {
    const open = steps.map(({ plan }) => plan.id);
    await deps.recorder.recordSurely((state) =>
      open.flatMap((stepId): RunEvent[] =>
        stepById(state, stepId)?.status === 'unknown' ? [{ type: 'step.picked-up', stepId }] : [],
      ),
    );
    return 'running';
  }
  return stepById(deps.recorder.state, step.plan.id)?.status === 'unknown' ? 'unseen' : 'settled';
}

/** To the end of what was picked up. Where that is lost again it is only looked at, never picked up in a circle. */
export async function followWork(
  deps: TogetherDeps,
  job: string,
  signal: AbortSignal,
): Promise<void> {
  const steps = openOf(deps, job);
  let recorded: Promise<unknown> = Promise.resolve();
  const onEnd = (end: StepEnd): void => {
    recorded = recorded.then(() =>
      deps.recorder.recordSurely((state) =>
        stepById(state, end.stepId)?.status === 'running' ? [eventOf(end)] : [],
      ),
    );
    // Awaited below; until then a failure must not count as unhandled.
    recorded.catch(() => undefined);
  };
  try {
    await deps.runner.followWork({ job, steps, onEnd }, signal).finally(() => recorded);
    if (openOf(deps, job).length > 0) {
      throw new AppError('STEP_WORK_LOST', 'The work ended without saying how each step ended.');
    }
  } catch (thrown) {
    if (!deps.recorder.isDisposed) {
      const error: ErrorJson = deps.toErrorJson(thrown);
      await settle(deps, steps, error, true);
    }
  }
}

function openOf({ recorder }: TogetherDeps, job: string): readonly StepState[] {
  return recorder.state.steps.filter(({ status, job: its }) => status === 'running' && its === job);
}

async function endsOf(
  { runner, toErrorJson }: TogetherDeps,
  steps: readonly StepState[],
  { status, ends }: WorkSight,
): Promise<readonly StepEnd[]> {
  if (status !== 'absent') {
    return ends;
  }
  const seen = await Promise.all(
    steps.map((step) =>
      runner.observe(step, new AbortController().signal).catch((thrown: unknown) => {
        toErrorJson(thrown);
        return { isDone: null };
      }),
    ),
  );
  const reason =
    'The host has no trace of it, nothing of it is to be seen, and it can begin no more.';
  return seen.every(({ isDone }) => isDone === false)
    ? steps.map(({ plan }) => ({ stepId: plan.id, status: 'not-begun', reason }))
    : [];
}

/** A command may have settled a step meanwhile; then the operator's word stands. */
async function record({ recorder }: TogetherDeps, ends: readonly StepEnd[]): Promise<void> {
  await recorder.recordSurely((state) =>
    ends.flatMap((end) =>
      stepById(state, end.stepId)?.status === 'unknown' ? [eventOf(end)] : [],
    ),
  );
}
