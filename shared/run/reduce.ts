import { noEvidence } from '../decision/no-evidence.js';
import type { RunEvent, RunRecord } from './events.js';
import { emptyReview } from './empty-review.js';
import { reduceAround } from './reduce-around.js';
import { momentOf, startRun } from './reduce-start.js';
import { reduceStep, withoutApprovals } from './reduce-step.js';
import type { StepEvent } from './reduce-step.js';
import type { Moment, RunState } from './state.js';

export const emptyRun: RunState = {
  started: null,
  phase: 'deciding',
  operator: '',
  evidence: noEvidence,
  target: null,
  from: null,
  preview: [],
  order: null,
  baseline: null,
  checklist: {},
  steps: [],
  undoRequested: null,
  mode: 'step',
  paused: null,
  rollForward: null,
  completedAt: null,
  rolledForwardAt: null,
  health: [],
  watch: null,
  messages: {},
  notes: [],
  review: emptyReview,
  drillTicks: {},
  resumes: [],
  gaps: [],
  epoch: 0,
  handedOver: null,
  takenOver: [],
  closed: null,
  lastSeq: -1,
  lastAt: null,
};

/** Folds one record into the state. Pure and total: no clock, no randomness, no I/O. Used by main and by the page. */
export function reduce(state: RunState, record: RunRecord): RunState {
  const at = momentOf(record);
  const next =
    record.event.type === 'run.started'
      ? startRun(state, record.event, record.runId, at)
      : apply(state, record.event, at);
  return { ...next, lastSeq: record.seq, lastAt: at };
}

function isStepEvent(event: RunEvent): event is StepEvent {
  return event.type.startsWith('step.') || event.type.startsWith('undo.');
}

function apply(
  state: RunState,
  event: Exclude<RunEvent, { type: 'run.started' }>,
  at: Moment,
): RunState {
  if (isStepEvent(event)) {
    return reduceStep(state, event, at);
  }
  switch (event.type) {
    case 'evidence.recorded':
      return { ...state, evidence: event.evidence };
    case 'target.chosen':
      return { ...state, target: event.target, from: event.from, preview: event.preview };
    case 'rollback.ordered':
      return ordered(state, event, at);
    case 'baseline.recorded':
      return { ...state, baseline: event.baseline };
    case 'preparation.completed':
      return { ...state, phase: 'executing' };
    case 'unit.approved':
      return {
        ...state,
        steps: state.steps.map((step) =>
          event.stepIds.includes(step.plan.id)
            ? { ...step, status: 'approved', error: null, isStopRequested: false, looked: null }
            : step,
        ),
      };
    case 'roll-forward.requested':
      return {
        ...state,
        phase: 'rolling-forward',
        undoRequested: null,
        completedAt: null,
        mode: 'step',
        rollForward: { reason: event.reason, by: event.by, at },
        // What was approved but never began must not begin any more.
        steps: withoutApprovals(state.steps),
      };
    case 'roll-forward.completed':
      return { ...state, phase: 'rolled-forward', rolledForwardAt: at };
    case 'rollback.completed':
      return { ...state, phase: 'completed', completedAt: at };
    default:
      return reduceAround(state, event, at);
  }
}

function ordered(
  state: RunState,
  event: Extract<RunEvent, { type: 'rollback.ordered' }>,
  at: Moment,
): RunState {
  const { authority, operator, reason, verdict } = event;
  return {
    ...state,
    phase: 'preparing',
    order: { authority, operator, reason, verdict, at },
    steps: event.steps.map((plan) => ({
      plan,
      status: 'pending',
      attempt: 0,
      before: null,
      error: null,
      summary: '',
      wasAlready: false,
      job: null,
      announced: 0,
      undoAttempt: 0,
      isStopRequested: false,
      overdue: null,
      keptWaitingAt: null,
      looked: null,
      startedAt: null,
      endedAt: null,
    })),
  };
}
