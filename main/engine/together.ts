import { AppError } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { losesOutcome } from '../../shared/errors/error-texts.js';
import type { Json } from '../../shared/json.js';
import type { RunEvent } from '../../shared/run/events.js';
import { isNextToRun } from '../../shared/run/next-action.js';
import { stepById } from '../../shared/run/select.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import type { RunRecorder } from './run-recorder.js';
import type { StepEnd, StepRunner } from './step-runner-port.js';

export type TogetherDeps = {
  readonly recorder: RunRecorder;
  readonly runner: StepRunner;
  readonly toErrorJson: (thrown: unknown) => ErrorJson;
  /** Looks at a step whose outcome is unknown, and records what it saw. */
  readonly look: (step: StepState) => Promise<void>;
};

/**
 * Carries out steps that are one detached piece of work. On the other side nobody waits for us between them, so the
 * records of all of them, with what their undo needs, are on the disk before the first begins.
 */
export async function runTogether(
  deps: TogetherDeps,
  steps: readonly StepState[],
  signal: AbortSignal,
): Promise<void> {
  let hasBegun = false;
  try {
    if (await endedBefore(deps, steps, signal)) {
      return;
    }
    const befores = await Promise.all(
      // A retry keeps the first snapshot: a second one would picture our own half-done change.
      steps.map((step) =>
        step.attempt > 0 ? Promise.resolve(step.before) : deps.runner.capture(step, signal),
      ),
    );
    const job = jobNameOf(steps);
    hasBegun = await announce(deps, steps, befores, job);
    if (hasBegun) {
      await act(deps, steps, befores, job, signal);
      if (openOf(deps.recorder.state, steps).length > 0) {
        throw new AppError(
          'STEP_WORK_LOST',
          'The work ended without saying how each step of it ended.',
        );
      }
    }
  } catch (thrown) {
    await settle(deps, steps, deps.toErrorJson(thrown), hasBegun);
  }
}

/** Work that was stopped before its first step is on the host all the same, so a name is never used twice. */
function jobNameOf([first]: readonly StepState[]): string {
  return first === undefined ? '' : `${first.plan.id}-${String(first.announced + 1)}`;
}

/** Work of an earlier attempt may still go on where nobody looked: it is followed to its end, never doubled. */
async function endedBefore(
  { recorder, runner }: TogetherDeps,
  [first]: readonly StepState[],
  signal: AbortSignal,
): Promise<boolean> {
  if (first === undefined || first.job === null) {
    return false;
  }
  const { isDone, facts: summary } = await runner.observe(first, signal);
  if (isDone !== true) {
    return false;
  }
  const { id: stepId } = first.plan;
  await recorder.recordSurely((state) =>
    isNextToRun(state, [first])
      ? [{ type: 'step.succeeded', stepId, summary, wasAlready: true }]
      : [],
  );
  return true;
}

/** False when a command came in meanwhile: then nothing is begun. */
function announce(
  { recorder }: TogetherDeps,
  steps: readonly StepState[],
  befores: readonly Json[],
  job: string,
): Promise<boolean> {
  return recorder.recordSurely((state) =>
    isNextToRun(state, steps)
      ? steps.map(({ plan, attempt }, index): RunEvent => {
          const before = befores[index] ?? null;
          return { type: 'step.started', stepId: plan.id, attempt: attempt + 1, before, job };
        })
      : [],
  );
}

async function act(
  { recorder, runner }: TogetherDeps,
  steps: readonly StepState[],
  befores: readonly Json[],
  job: string,
  signal: AbortSignal,
): Promise<void> {
  let recorded: Promise<unknown> = Promise.resolve();
  const onEnd = (end: StepEnd): void => {
    recorded = recorded.then(() => recorder.recordSurely(() => [eventOf(end)]));
    // Awaited below; until then a failure must not count as unhandled.
    recorded.catch(() => undefined);
  };
  const parts = steps.map((step, index) => ({ step, before: befores[index] ?? null }));
  try {
    await runner.actTogether({ job, parts, onEnd }, signal);
  } finally {
    await recorded;
  }
}

export function eventOf(end: StepEnd): RunEvent {
  const { stepId } = end;
  switch (end.status) {
    case 'done':
      return { type: 'step.succeeded', stepId, summary: end.summary, wasAlready: end.wasAlready };
    case 'failed':
      return { type: 'step.failed', stepId, error: end.error };
    case 'not-begun':
      return { type: 'step.not-begun', stepId, reason: end.reason };
  }
}

/** What has no end yet when the work broke off: unknown and looked at, or not begun where the error says so. */
export async function settle(
  { recorder, look }: TogetherDeps,
  steps: readonly StepState[],
  error: ErrorJson,
  hasBegun: boolean,
): Promise<void> {
  if (!hasBegun) {
    const [first] = steps;
    await recorder.recordSurely(() =>
      first === undefined ? [] : [{ type: 'step.failed', stepId: first.plan.id, error }],
    );
    return;
  }
  const isLost = losesOutcome(error.code);
  await recorder.recordSurely((state) =>
    openOf(state, steps).map(({ plan: { id: stepId } }, index): RunEvent => {
      if (isLost) {
        return { type: 'step.unknown', stepId, reason: error.message };
      }
      return index === 0
        ? { type: 'step.failed', stepId, error }
        : { type: 'step.not-begun', stepId, reason: 'The work was not begun.' };
    }),
  );
  for (const { plan } of steps) {
    const step = stepById(recorder.state, plan.id);
    if (step?.status === 'unknown') {
      await look(step);
    }
  }
}

function openOf(state: RunState, steps: readonly StepState[]): readonly StepState[] {
  return steps.flatMap(({ plan }) => {
    const step = stepById(state, plan.id);
    return step?.status === 'running' ? [step] : [];
  });
}
