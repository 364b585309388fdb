import { count } from '../count.js';
import type { Evidence } from '../decision/evidence.js';
import type { RunEvent, RunEventType } from './events.js';

/** The names that records only refer to by id. An id that nobody knows stands for itself. */
export type RecordNames = {
  readonly step: (id: string) => string;
  readonly checklistItem: (id: string) => string;
  readonly drillItem: (id: string) => string;
  readonly message: (id: string) => string;
};

type EventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;

type Sentences = {
  readonly [T in RunEventType]: (event: EventOf<T>, names: RecordNames) => string;
};

const settledAs = {
  done: 'settled as done',
  'not-done': 'settled as not done',
  'by-hand': 'settled as done by hand',
} as const;

const undoSettledAs = {
  'by-hand': 'was taken back by hand',
  'passed-by': 'was left as it is',
} as const;

const healthWords = {
  serving: 'The service serves',
  unhealthy: 'The service answers but is not healthy',
  down: 'The service does not answer',
  'not-measured': 'The health address is not measured',
} as const;

const outcomeWords = {
  'rolled-back': 'rolled back',
  'rolled-forward': 'rolled forward',
  abandoned: 'abandoned',
} as const;

const modeWords = {
  step: 'approves each step from here on',
  gate: 'let the run go on to the next gate',
  unattended: 'let the run go on unattended',
} as const;

const verdictWords = { pass: 'passed', fail: 'failed', inconclusive: 'is inconclusive' } as const;

/** Every kind of record has its sentence, or this does not compile. */
export const eventSentences: Sentences = {
  'run.started': ({ kind, operator, runbook, environment }) =>
    `${operator} started ${kind === 'drill' ? 'a drill' : 'an incident'} for ${runbook.service.name} in ${environment.name}.`,
  'evidence.recorded': ({ evidence }) => `Evidence was noted${listed(evidenceFacts(evidence))}`,
  'target.chosen': ({ target, from }) =>
    from === null
      ? `${target.version} was chosen to return to; nothing was found serving.`
      : `${target.version} was chosen to return to, from ${from.version}.`,
  'rollback.ordered': ({ authority, operator, reason, steps }) =>
    `${authority} ordered the rollback, ${operator} operates. ${count(steps.length, 'step')} planned${told(reason)}`,
  'baseline.recorded': ({ baseline }) =>
    `The state before the first change was measured with ${count(baseline.requests, 'request')}${
      baseline.failedPercent === null ? '' : `, ${rounded(baseline.failedPercent)} % of them failed`
    }.`,
  'checklist.ticked': ({ itemId, by, evidence }, { checklistItem }) =>
    `${by === 'console' ? 'The console' : by} ticked “${checklistItem(itemId)}”${told(evidence)}`,
  'checklist.unticked': ({ itemId, by }, { checklistItem }) =>
    `${by} took the tick off “${checklistItem(itemId)}”.`,
  'checklist.passed-by': ({ itemId, by, reason }, { checklistItem }) =>
    `${by} passed by “${checklistItem(itemId)}”${told(reason)}`,
  'preparation.completed': ({ by }) => `${by} ended the preparation; execution began.`,
  'unit.approved': ({ stepIds, by, typed, authority }, { step }) =>
    `${by} approved ${series(stepIds.map(step))}${
      typed === null ? '' : `, having typed ${typed.version} and ${typed.host}`
    }${authority === null ? '' : `, on the word of ${authority}`}.`,
  'step.overdue': ({ stepId, what, seconds }, { step }) =>
    what === 'deadline'
      ? `${step(stepId)} has run for ${rounded(seconds)} s, longer than it should; nothing was ended.`
      : `${step(stepId)} has said nothing for ${rounded(seconds)} s; nothing was ended.`,
  'step.kept-waiting': ({ stepId, by }, { step }) => `${by} goes on waiting for ${step(stepId)}.`,
  'run.paused': ({ by, reason }) => `${by} paused the run${told(reason)}`,
  'run.continued': ({ by }) => `${by} let the run go on.`,
  'mode.changed': ({ mode, by, reason }) =>
    `${by === 'console' ? 'The console' : by} ${modeWords[mode]}${told(reason)}`,
  'clock.jumped': ({ wallSeconds, monotonicSeconds }) =>
    `The clock jumped: ${rounded(wallSeconds)} s passed on the wall, ${rounded(monotonicSeconds)} s in this console. In between nobody looked.`,
  'machine.suspended': () => 'The machine went to sleep.',
  'machine.resumed': () => 'The machine woke up.',
  'run.handed-over': ({ to, by }) => `${by} handed the run over to ${to}; here it is only read.`,
  'run.taken-over': ({ operator, isTakenBack, epoch }) =>
    isTakenBack
      ? `${operator} took the run back (console ${epoch + 1}).`
      : `${operator} took the run over (console ${epoch + 1}).`,
  'step.started': ({ stepId, attempt }, { step }) =>
    `${step(stepId)} began${attempt > 1 ? `, attempt ${attempt}` : ''}.`,
  'step.succeeded': ({ stepId, summary, wasAlready }, { step }) =>
    `${step(stepId)}: ${wasAlready ? 'was already so, nothing was touched' : 'done'}${told(summary)}`,
  'step.not-begun': ({ stepId, reason }, { step }) =>
    `Nothing of ${step(stepId)} was begun${told(reason)}`,
  'step.picked-up': ({ stepId }, { step }) =>
    `${step(stepId)} is still under way on the host and is followed again.`,
  'step.failed': ({ stepId, error }, { step }) => `${step(stepId)} failed${told(error.message)}`,
  'step.stop-requested': ({ stepId, by }, { step }) => `${by} asked ${step(stepId)} to stop.`,
  'step.unknown': ({ stepId, reason }, { step }) =>
    `The outcome of ${step(stepId)} became unknown${told(reason)}`,
  'step.looked': ({ stepId, isDone, facts }, { step }) =>
    `The console looked at ${step(stepId)}: ${lookedWord(isDone)}${told(facts)}`,
  'step.settled': ({ stepId, as, evidence, by }, { step }) =>
    `${step(stepId)} was ${settledAs[as]} by ${by}${told(evidence)}`,
  'step.skipped': ({ stepId, reason, by }, { step }) =>
    `${by} skipped ${step(stepId)}${told(reason)}`,
  'step.done-by-hand': ({ stepId, evidence, by }, { step }) =>
    `${by} did ${step(stepId)} by hand${told(evidence)}`,
  'undo.requested': ({ stepId, by }, { step }) => `${by} asked to take back ${step(stepId)}.`,
  'undo.started': ({ stepId }, { step }) => `${step(stepId)} is being taken back.`,
  'undo.succeeded': ({ stepId, summary }, { step }) =>
    `${step(stepId)} was taken back${told(summary)}`,
  'undo.failed': ({ stepId, error }, { step }) =>
    `${step(stepId)} could not be taken back${told(error.message)}`,
  'undo.settled': ({ stepId, as, reason, by }, { step }) =>
    `${step(stepId)} ${undoSettledAs[as]}, says ${by}${told(reason)}`,
  'roll-forward.requested': ({ reason, by }) =>
    `${by} ordered the roll forward: every step is taken back${told(reason)}`,
  'roll-forward.completed': () =>
    'Every step has been taken back; the old version is where it was.',
  'rollback.completed': () => 'The target serves and its checks passed.',
  'health.changed': ({ to, detail }) => `${healthWords[to]}${told(detail)}`,
  'watch.started': ({ seconds, intervalSeconds }) =>
    `The watch began: ${duration(seconds)}, a look every ${duration(intervalSeconds)}.`,
  'watch.sampled': ({ sample }) =>
    `The watch looked: ${sample.serving}${
      sample.milliseconds === null ? '' : ` in ${rounded(sample.milliseconds)} ms`
    }.`,
  'watch.ended': ({ verdict, reasons, endedBy }) =>
    `The watch ${verdictWords[verdict]}${endedBy === null ? '' : `, ended early by ${endedBy}`}${told(reasons.join(' '))}`,
  'message.edited': ({ messageId }, { message }) =>
    `The text of the message “${message(messageId)}” was edited.`,
  'message.sent': ({ messageId, where, by }, { message }) =>
    `${by} sent the message “${message(messageId)}” to ${where}.`,
  'note.added': ({ text, by }) => `${by} noted${told(text)}`,
  'review.recorded': () => 'The review was filled in.',
  'drill-item.ticked': ({ itemId, isTicked, by }, { drillItem }) =>
    `${by} ${isTicked ? 'ticked' : 'took the tick off'} “${drillItem(itemId)}”.`,
  'run.resumed': ({ operator }) =>
    `${operator} took the run up again after the console had been away.`,
  'run.closed': ({ outcome, reason, by }) =>
    `${by} closed the run: ${outcomeWords[outcome]}${told(reason)}`,
  'clean-up.started': ({ item, by, typed }) =>
    `${by} had ${item.kind} ${item.name} removed from ${item.engine}, having typed ${typed}${told(item.facts.join(' '))}`,
  'clean-up.removed': ({ item }) =>
    `${item.kind === 'container' ? 'Container' : 'Image'} ${item.name} is gone from ${item.engine}.`,
  'clean-up.failed': ({ item, error }) =>
    `${item.kind === 'container' ? 'Container' : 'Image'} ${item.name} could not be removed${told(error.message)}`,
};

function lookedWord(isDone: boolean | null): string {
  if (isDone === null) {
    return 'it could not be seen';
  }
  return isDone ? 'it is done' : 'it is not done';
}

/** Adds what was said as its own end of the sentence; closes the sentence when nothing was said. */
function told(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') {
    return '.';
  }
  return `: ${trimmed}${/[.!?…]$/.test(trimmed) ? '' : '.'}`;
}

function listed(facts: readonly string[]): string {
  return facts.length === 0 ? '.' : `: ${facts.join(', ')}.`;
}

function series(parts: readonly string[]): string {
  return parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function duration(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${rounded(seconds)} s`;
}

function evidenceFacts(evidence: Evidence): string[] {
  const { severity, dataImpact, securityFinding, canFixForward } = evidence;
  return [
    percentFact('error rate', evidence.errorRatePercent),
    percentFact('slower by', evidence.performanceLossPercent),
    percentFact('over budget by', evidence.costOverrunPercent),
    percentFact('affected', evidence.affectedPercent),
    severity === null ? null : `severity ${severity}`,
    dataImpact === null ? null : `data ${dataImpact === 'none' ? 'not affected' : dataImpact}`,
    securityFinding === true ? 'a security finding' : null,
    canFixForward === null
      ? null
      : `a fix in time is ${canFixForward ? 'possible' : 'not possible'}`,
  ].filter((fact) => fact !== null);
}

function percentFact(name: string, reading: Evidence['errorRatePercent']): string | null {
  return reading === null ? null : `${name} ${rounded(reading.value)} %`;
}
