import { assertNever } from '../assert-never.js';
import { noEvidence } from '../decision/evidence.js';
import type { RunEvent, RunRecord } from './events.js';
import { emptyReview } from './facts.js';
import { momentOf, startRun } from './reduce-start.js';
import { reduceStep, withoutApprovals } from './reduce-step.js';
import type { StepEvent } from './reduce-step.js';
import type { MessageState, Moment, RunState } from './state.js';

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
    case 'checklist.ticked':
      return ticked(state, event.itemId, {
        how: 'ticked',
        by: event.by,
        text: event.evidence,
        at: at.at,
      });
    case 'checklist.passed-by':
      return ticked(state, event.itemId, {
        how: 'passed-by',
        by: event.by,
        text: event.reason,
        at: at.at,
      });
    case 'checklist.unticked': {
      const { [event.itemId]: _gone, ...checklist } = state.checklist;
      return { ...state, checklist };
    }
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
        rollForward: { reason: event.reason, by: event.by, at },
        // What was approved but never began must not begin any more.
        steps: withoutApprovals(state.steps),
      };
    case 'roll-forward.completed':
      return { ...state, phase: 'rolled-forward', rolledForwardAt: at };
    case 'rollback.completed':
      return { ...state, phase: 'completed', completedAt: at };
    default:
      return applyAround(state, event, at);
  }
}

type AroundEvent = Extract<
  RunEvent,
  {
    type:
      | 'health.changed'
      | 'watch.started'
      | 'watch.sampled'
      | 'watch.ended'
      | 'message.edited'
      | 'message.sent'
      | 'note.added'
      | 'review.recorded'
      | 'drill-item.ticked'
      | 'run.resumed'
      | 'run.closed';
  }
>;

/** What goes on around the steps: measuring, watching, telling, reviewing. */
function applyAround(state: RunState, event: AroundEvent, at: Moment): RunState {
  switch (event.type) {
    case 'health.changed': {
      const since = { ...at, monotonicMs: event.sinceMonotonicMs };
      return {
        ...state,
        health: [...state.health, { state: event.to, detail: event.detail, since }],
      };
    }
    case 'watch.started':
      return {
        ...state,
        watch: {
          seconds: event.seconds,
          intervalSeconds: event.intervalSeconds,
          startedAt: at,
          samples: [],
          ended: null,
        },
      };
    case 'watch.sampled':
    case 'watch.ended':
      return reduceWatch(state, event, at);
    case 'message.edited':
      return patchMessage(state, event.messageId, (message) => ({ ...message, body: event.body }));
    case 'message.sent': {
      const sent = { at, where: event.where, body: event.body, by: event.by };
      return patchMessage(state, event.messageId, (message) => ({
        ...message,
        sent: [...message.sent, sent],
      }));
    }
    case 'note.added':
      return { ...state, notes: [...state.notes, { text: event.text, by: event.by, at }] };
    case 'review.recorded':
      return { ...state, review: event.review };
    case 'drill-item.ticked':
      return {
        ...state,
        drillTicks: {
          ...state.drillTicks,
          [event.itemId]: { isTicked: event.isTicked, by: event.by },
        },
      };
    case 'run.resumed':
      return {
        ...state,
        operator: event.operator,
        resumes: [...state.resumes, at],
        // An approval does not outlive the session it was given in.
        undoRequested: null,
        steps: withoutApprovals(state.steps),
      };
    case 'run.closed':
      return {
        ...state,
        phase: 'closed',
        closed: { outcome: event.outcome, reason: event.reason, by: event.by, at },
      };
    default:
      return assertNever(event);
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
      isStopRequested: false,
      looked: null,
      startedAt: null,
      endedAt: null,
    })),
  };
}

function ticked(state: RunState, itemId: string, tick: RunState['checklist'][string]): RunState {
  return { ...state, checklist: { ...state.checklist, [itemId]: tick } };
}

function reduceWatch(
  state: RunState,
  event: Extract<RunEvent, { type: 'watch.sampled' | 'watch.ended' }>,
  at: Moment,
): RunState {
  if (state.watch === null) {
    return state;
  }
  if (event.type === 'watch.sampled') {
    return {
      ...state,
      watch: { ...state.watch, samples: [...state.watch.samples, event.sample] },
    };
  }
  const { verdict, reasons, endedBy } = event;
  return { ...state, watch: { ...state.watch, ended: { verdict, reasons, endedBy, at } } };
}

function patchMessage(
  state: RunState,
  id: string,
  change: (message: MessageState) => MessageState,
): RunState {
  const message = state.messages[id] ?? { body: null, sent: [] };
  return { ...state, messages: { ...state.messages, [id]: change(message) } };
}
