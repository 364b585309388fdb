import type { RunEvent, RunEventType } from './events.js';
import { eventSentences } from './event-sentences.js';
import type { RecordNames } from './event-sentences.js';
import type { RunState } from './state.js';

export type { RecordNames } from './event-sentences.js';

/** How a record weighs on a timeline. Told by words too, never by this alone. */
export type RecordTone = 'plain' | 'good' | 'bad' | 'warn';

export function namesOf(state: RunState): RecordNames {
  const runbook = state.started?.runbook;
  const steps = new Map<string, string>(state.steps.map(({ plan }) => [plan.id, plan.title]));
  const items = new Map(runbook?.checklist.map(({ id, text }) => [id, text]));
  const drillItems = new Map(runbook?.drill.checklist.map(({ id, text }) => [id, text]));
  const messages = new Map(runbook?.messages.templates.map(({ id, title }) => [id, title]));
  return {
    step: (id) => steps.get(id) ?? id,
    checklistItem: (id) => items.get(id) ?? id,
    drillItem: (id) => drillItems.get(id) ?? id,
    message: (id) => messages.get(id) ?? id,
  };
}

/** One record as a sentence that a tired person and a report can both use. */
export function describeRecord(event: RunEvent, names: RecordNames): string {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the table's type pairs every sentence with its own event
  const sentence = eventSentences[event.type] as (event: RunEvent, names: RecordNames) => string;
  return sentence(event, names);
}

const tones: Readonly<Partial<Record<RunEventType, RecordTone>>> = {
  'rollback.completed': 'good',
  'roll-forward.completed': 'good',
  'step.failed': 'bad',
  'undo.failed': 'bad',
  'step.unknown': 'warn',
  'step.skipped': 'warn',
  'step.stop-requested': 'warn',
  'checklist.passed-by': 'warn',
  'roll-forward.requested': 'warn',
  'run.resumed': 'warn',
  'run.paused': 'warn',
  'step.overdue': 'warn',
  'clock.jumped': 'warn',
  'run.handed-over': 'warn',
  'run.taken-over': 'warn',
  'clean-up.started': 'warn',
  'clean-up.failed': 'bad',
};

const servingTones = {
  serving: 'good',
  unhealthy: 'warn',
  down: 'bad',
  'not-measured': 'plain',
} as const satisfies Record<string, RecordTone>;

const verdictTones = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'warn',
} as const satisfies Record<string, RecordTone>;

export function toneOf(event: RunEvent): RecordTone {
  if (event.type === 'health.changed') {
    return servingTones[event.to];
  }
  if (event.type === 'watch.ended') {
    return verdictTones[event.verdict];
  }
  return tones[event.type] ?? 'plain';
}

/** Records that come by the hundred or on every blur of a field; a timeline folds them away. */
export function isRoutine(event: RunEvent): boolean {
  return routine.has(event.type) || (event.type === 'checklist.ticked' && event.by === 'console');
}

const routine: ReadonlySet<RunEventType> = new Set([
  'watch.sampled',
  'evidence.recorded',
  'message.edited',
  'review.recorded',
]);
