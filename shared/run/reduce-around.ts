import { assertNever } from '../assert-never.js';
import type { RunEvent } from './events.js';
import { withoutApprovals } from './reduce-step.js';
import type { MessageState, Moment, RunState, Tick } from './state.js';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type ChecklistEvent = Of<'checklist.ticked' | 'checklist.passed-by' | 'checklist.unticked'>;
type WatchEvent = Of<'watch.started' | 'watch.sampled' | 'watch.ended'>;
/** Who drives the run, how, and whether they were awake. */
type ConsoleEvent = Of<
  | 'run.paused'
  | 'run.continued'
  | 'mode.changed'
  | 'clock.jumped'
  | 'machine.suspended'
  | 'machine.resumed'
  | 'run.handed-over'
  | 'run.taken-over'
>;
type CleanUpEvent = Of<'clean-up.started' | 'clean-up.removed' | 'clean-up.failed'>;
type MessageEvent = Of<'message.edited' | 'message.sent'>;
export type AroundEvent =
  | ChecklistEvent
  | WatchEvent
  | MessageEvent
  | Of<
      | 'health.changed'
      | 'note.added'
      | 'review.recorded'
      | 'drill-item.ticked'
      | 'run.resumed'
      | 'run.closed'
    >
  | CleanUpEvent
  | ConsoleEvent;

/** What goes on around the steps: preparing, measuring, watching, telling, reviewing. */
export function reduceAround(state: RunState, event: AroundEvent, at: Moment): RunState {
  switch (event.type) {
    case 'checklist.ticked':
    case 'checklist.passed-by':
    case 'checklist.unticked':
      return reduceChecklist(state, event, at);
    case 'watch.started':
    case 'watch.sampled':
    case 'watch.ended':
      return { ...state, watch: reduceWatch(state.watch, event, at) };
    case 'message.edited':
    case 'message.sent':
      return reduceMessage(state, event, at);
    case 'health.changed': {
      const since = { ...at, monotonicMs: event.sinceMonotonicMs };
      const span = { state: event.to, detail: event.detail, since };
      return { ...state, health: [...state.health, span] };
    }
    case 'note.added':
      return { ...state, notes: [...state.notes, { text: event.text, by: event.by, at }] };
    case 'review.recorded':
      return { ...state, review: event.review };
    case 'drill-item.ticked': {
      const tick = { isTicked: event.isTicked, by: event.by };
      return { ...state, drillTicks: { ...state.drillTicks, [event.itemId]: tick } };
    }
    case 'run.resumed':
      return { ...newSession(state, at), operator: event.operator };
    case 'run.closed': {
      const { outcome, reason, by } = event;
      return { ...state, phase: 'closed', closed: { outcome, reason, by, at } };
    }
    case 'clean-up.started':
    case 'clean-up.removed':
    case 'clean-up.failed':
      return state;
    default:
      return reduceConsole(state, event, at);
  }
}

function reduceConsole(state: RunState, event: ConsoleEvent, at: Moment): RunState {
  switch (event.type) {
    case 'run.paused':
      return { ...state, mode: 'step', paused: { by: event.by, reason: event.reason, at } };
    case 'run.continued':
      return { ...state, paused: null };
    case 'mode.changed':
      return { ...state, mode: event.mode };
    case 'clock.jumped': {
      const seconds = Math.max(0, event.wallSeconds - event.monotonicSeconds);
      return { ...state, gaps: [...state.gaps, { seconds, at }] };
    }
    case 'machine.suspended':
    case 'machine.resumed':
      return state;
    case 'run.handed-over': {
      const { handoverId, to, by } = event;
      return { ...state, mode: 'step', handedOver: { handoverId, to, by, at } };
    }
    case 'run.taken-over':
      return {
        ...newSession(state, at),
        operator: event.operator,
        epoch: event.epoch,
        handedOver: null,
        takenOver: [...state.takenOver, event.handoverId],
      };
    default:
      return assertNever(event);
  }
}

/** An approval does not outlive the session it was given in. */
function newSession(state: RunState, at: Moment): RunState {
  return {
    ...state,
    mode: 'step',
    undoRequested: null,
    steps: withoutApprovals(state.steps),
    resumes: [...state.resumes, at],
  };
}

function reduceChecklist(state: RunState, event: ChecklistEvent, { at }: Moment): RunState {
  const { [event.itemId]: _before, ...others } = state.checklist;
  if (event.type === 'checklist.unticked') {
    return { ...state, checklist: others };
  }
  const tick: Tick =
    event.type === 'checklist.ticked'
      ? { how: 'ticked', by: event.by, text: event.evidence, at }
      : { how: 'passed-by', by: event.by, text: event.reason, at };
  return { ...state, checklist: { ...others, [event.itemId]: tick } };
}

function reduceWatch(watch: RunState['watch'], event: WatchEvent, at: Moment): RunState['watch'] {
  if (event.type === 'watch.started') {
    const { seconds, intervalSeconds } = event;
    return { seconds, intervalSeconds, startedAt: at, samples: [], ended: null };
  }
  if (watch === null) {
    return null;
  }
  if (event.type === 'watch.sampled') {
    return { ...watch, samples: [...watch.samples, event.sample] };
  }
  const { verdict, reasons, endedBy } = event;
  return { ...watch, ended: { verdict, reasons, endedBy, at } };
}

function reduceMessage(state: RunState, event: MessageEvent, at: Moment): RunState {
  const before: MessageState = state.messages[event.messageId] ?? { body: null, sent: [] };
  const { body } = event;
  const after: MessageState =
    event.type === 'message.edited'
      ? { ...before, body }
      : { ...before, sent: [...before.sent, { at, where: event.where, body, by: event.by }] };
  return { ...state, messages: { ...state.messages, [event.messageId]: after } };
}
