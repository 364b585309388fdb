import { assertNever } from '../assert-never.js';
import type { StepId } from '../plan/planned-step.js';
import type { RunEvent } from './events.js';
import type { Moment, RunState, StepState, StepStatus } from './state.js';

export type StepEvent = Extract<RunEvent, { type: `step.${string}` | `undo.${string}` }>;

/** Folds what happened to one step. */
export function reduceStep(state: RunState, event: StepEvent, at: Moment): RunState {
  switch (event.type) {
    case 'step.started':
      return started(state, event, at);
    case 'step.not-begun':
      return notBegun(state, event.stepId, event.reason);
    case 'step.picked-up':
      return patch(state, event.stepId, { ...underWay, summary: '', looked: null, endedAt: null });
    case 'step.succeeded':
      return itsTurn(
        patch(state, event.stepId, {
          status: 'succeeded',
          summary: event.summary,
          wasAlready: event.wasAlready,
          startedAt: stepOf(state, event.stepId)?.startedAt ?? at,
          endedAt: at,
        }),
        stepOf(state, event.stepId)?.job ?? null,
        at,
      );
    case 'step.failed':
      return halt(
        patch(state, event.stepId, { status: 'failed', error: event.error, endedAt: at }),
      );
    case 'step.stop-requested':
      return patch(state, event.stepId, { isStopRequested: true });
    case 'step.overdue':
      return patch(state, event.stepId, {
        overdue: { what: event.what, seconds: event.seconds, at },
      });
    case 'step.kept-waiting':
      return patch(state, event.stepId, { overdue: null, keptWaitingAt: at });
    case 'step.unknown':
      return halt(
        patch(state, event.stepId, { status: 'unknown', summary: event.reason, endedAt: at }),
      );
    case 'step.looked':
      return patch(state, event.stepId, { looked: { isDone: event.isDone, facts: event.facts } });
    case 'step.settled':
      return patch(state, event.stepId, {
        status: settledStatus[event.as],
        summary: event.evidence,
        error: null,
      });
    case 'step.skipped':
      return patch(state, event.stepId, { status: 'skipped', summary: event.reason, endedAt: at });
    case 'step.done-by-hand':
      return patch(state, event.stepId, {
        status: 'done-by-hand',
        summary: event.evidence,
        endedAt: at,
      });
    default:
      return reduceUndo(state, event);
  }
}

function started(
  state: RunState,
  event: Extract<StepEvent, { type: 'step.started' }>,
  at: Moment,
): RunState {
  return patch(state, event.stepId, {
    status: 'running',
    attempt: event.attempt,
    before: event.before,
    job: event.job ?? null,
    announced: (stepOf(state, event.stepId)?.announced ?? 0) + 1,
    error: null,
    summary: '',
    looked: null,
    isStopRequested: false,
    overdue: null,
    keptWaitingAt: null,
    startedAt: isBehindAnother(state, event.job) ? null : at,
    endedAt: null,
  });
}

/** Nothing that was asked of an earlier following holds for this one. */
const underWay = {
  status: 'running',
  isStopRequested: false,
  overdue: null,
  keptWaitingAt: null,
} as const;

/** Of steps that were announced together one is done at a time: the others wait for their turn, with no time running. */
function isBehindAnother(state: RunState, job: string | undefined): boolean {
  return (
    job !== undefined && state.steps.some((step) => step.status === 'running' && step.job === job)
  );
}

function itsTurn(state: RunState, job: string | null, at: Moment): RunState {
  const next = state.steps.find((step) => step.status === 'running' && step.job === job);
  return job === null || next === undefined || next.startedAt !== null
    ? state
    : patch(state, next.plan.id, { startedAt: at });
}

/** As if it had not been announced: it waits for an approval again, and there is nothing of it to take back. */
function notBegun(state: RunState, stepId: StepId, reason: string): RunState {
  const attempt = Math.max(0, (stepOf(state, stepId)?.attempt ?? 0) - 1);
  return halt(
    patch(state, stepId, {
      status: 'pending',
      attempt,
      job: null,
      summary: reason,
      isStopRequested: false,
      startedAt: null,
      endedAt: null,
    }),
  );
}

const settledStatus = {
  done: 'succeeded',
  'not-done': 'pending',
  'by-hand': 'done-by-hand',
} as const satisfies Record<string, StepStatus>;

function reduceUndo(
  state: RunState,
  event: Extract<StepEvent, { type: `undo.${string}` }>,
): RunState {
  switch (event.type) {
    case 'undo.requested':
      return { ...state, undoRequested: event.stepId };
    case 'undo.started':
      return patch(state, event.stepId, {
        status: 'undoing',
        error: null,
        undoAttempt: (stepOf(state, event.stepId)?.undoAttempt ?? 0) + 1,
      });
    case 'undo.succeeded':
      return undone(state, event.stepId, event.summary);
    case 'undo.failed':
      return {
        ...patch(state, event.stepId, { status: 'undo-failed', error: event.error }),
        undoRequested: null,
      };
    case 'undo.settled':
      return undone(state, event.stepId, event.reason);
    default:
      return assertNever(event);
  }
}

function undone(state: RunState, stepId: StepId, summary: string): RunState {
  return {
    ...patch(state, stepId, { status: 'undone', summary, error: null }),
    undoRequested: null,
  };
}

/** After a failure nothing that was approved with it goes on by itself: the rest of the unit waits again. */
function halt(state: RunState): RunState {
  return { ...state, mode: 'step', steps: withoutApprovals(state.steps) };
}

export function withoutApprovals(steps: readonly StepState[]): readonly StepState[] {
  return steps.map((step) => (step.status === 'approved' ? { ...step, status: 'pending' } : step));
}

function stepOf(state: RunState, stepId: StepId): StepState | undefined {
  return state.steps.find(({ plan }) => plan.id === stepId);
}

function patch(state: RunState, stepId: StepId, change: Partial<StepState>): RunState {
  return {
    ...state,
    steps: state.steps.map((step) => (step.plan.id === stepId ? { ...step, ...change } : step)),
  };
}
