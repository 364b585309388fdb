import { z } from 'zod';
import { Evidence } from '../decision/evidence.js';
import { ErrorJson } from '../errors/error-json.js';
import { LONGEST_PLAN, PlannedStep, StepId } from '../plan/planned-step.js';
import { PreviewItem, Target } from '../plan/target.js';
import { Environment } from '../runbook/environment-schema.js';
import { Runbook } from '../runbook/schema.js';
import { CleanUpItem } from './clean-up.js';
import { Baseline, Review, ServingState, WatchSample, WatchVerdict } from './facts.js';

export const RunId = z.uuid().brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

export const RunKind = z.enum(['incident', 'drill']);
export type RunKind = z.infer<typeof RunKind>;

/** `step`: each unit is approved. `gate`: on to the next gate. `unattended`: drills outside production only. */
export const RunMode = z.enum(['step', 'gate', 'unattended']);
export type RunMode = z.infer<typeof RunMode>;

export const RunOutcome = z.enum(['rolled-back', 'rolled-forward', 'abandoned']);
export type RunOutcome = z.infer<typeof RunOutcome>;

const Text = z.string().trim().min(1).max(4_000);
const Name = z.string().trim().min(1).max(200);

/**
 * Facts in the past tense, in the order they became true. Never edit a shipped variant: add a new one,
 * because old journals must replay (test/fixtures/histories).
 */
export const RunEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run.started'),
    kind: RunKind,
    operator: Name,
    appVersion: z.string(),
    /** Copied whole, so that a later edit of the file cannot change this run. */
    runbook: Runbook,
    environment: Environment,
    procedureId: z.string(),
    /** Faults injected by the practice range, by name. */
    faults: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('evidence.recorded'), evidence: Evidence }),
  z.strictObject({
    type: z.literal('target.chosen'),
    target: Target,
    /** What serves now; null when nothing was found. */
    from: Target.nullable(),
    preview: z.array(PreviewItem),
  }),
  z.strictObject({
    type: z.literal('rollback.ordered'),
    authority: Name,
    operator: Name,
    reason: Text,
    verdict: z.string(),
    steps: z.array(PlannedStep).min(1).max(LONGEST_PLAN),
  }),
  z.strictObject({ type: z.literal('baseline.recorded'), baseline: Baseline }),
  z.strictObject({
    type: z.literal('checklist.ticked'),
    itemId: z.string(),
    by: z.union([z.literal('console'), Name]),
    evidence: z.string(),
  }),
  z.strictObject({ type: z.literal('checklist.unticked'), itemId: z.string(), by: Name }),
  z.strictObject({
    type: z.literal('checklist.passed-by'),
    itemId: z.string(),
    reason: Text,
    by: Name,
  }),
  z.strictObject({ type: z.literal('preparation.completed'), by: Name }),
  z.strictObject({
    type: z.literal('unit.approved'),
    unit: z.string(),
    stepIds: z.array(StepId).min(1),
    by: Name,
    /** What the operator typed where the rules ask for it. */
    typed: z.strictObject({ version: z.string(), host: z.string() }).nullable(),
    /** Who gave the word, where a step needs more than the operator's own. */
    authority: Name.nullable(),
  }),
  z.strictObject({
    type: z.literal('step.started'),
    stepId: StepId,
    attempt: z.int().positive(),
    /** The state before the first attempt; undo restores this, whatever happened since. */
    before: z.json(),
    /** The detached work on a host that does it; steps that are announced together share one. */
    job: z.string().optional(),
  }),
  /** It was announced with others, and the one before it ended the work: nothing of it was done. */
  z.strictObject({ type: z.literal('step.not-begun'), stepId: StepId, reason: z.string() }),
  /** Its work was found still going on where it was begun, and is followed again. */
  z.strictObject({ type: z.literal('step.picked-up'), stepId: StepId }),
  z.strictObject({
    type: z.literal('step.succeeded'),
    stepId: StepId,
    summary: z.string(),
    /** True when the wanted state was already there and nothing was touched. */
    wasAlready: z.boolean(),
  }),
  z.strictObject({ type: z.literal('step.failed'), stepId: StepId, error: ErrorJson }),
  z.strictObject({ type: z.literal('step.stop-requested'), stepId: StepId, by: Name }),
  z.strictObject({ type: z.literal('step.unknown'), stepId: StepId, reason: z.string() }),
  z.strictObject({
    type: z.literal('step.looked'),
    stepId: StepId,
    /** Null when looking itself failed. */
    isDone: z.boolean().nullable(),
    facts: z.string(),
  }),
  z.strictObject({
    type: z.literal('step.settled'),
    stepId: StepId,
    as: z.enum(['done', 'not-done', 'by-hand']),
    evidence: z.string(),
    by: Name,
  }),
  z.strictObject({
    type: z.literal('step.overdue'),
    stepId: StepId,
    /** `deadline`: it takes longer than it should at most. `silence`: it has said nothing for too long. */
    what: z.enum(['deadline', 'silence']),
    seconds: z.number().nonnegative(),
  }),
  z.strictObject({ type: z.literal('step.kept-waiting'), stepId: StepId, by: Name }),
  z.strictObject({ type: z.literal('step.skipped'), stepId: StepId, reason: Text, by: Name }),
  z.strictObject({
    type: z.literal('step.done-by-hand'),
    stepId: StepId,
    evidence: Text,
    by: Name,
  }),
  z.strictObject({ type: z.literal('undo.requested'), stepId: StepId, by: Name }),
  z.strictObject({ type: z.literal('undo.started'), stepId: StepId }),
  z.strictObject({ type: z.literal('undo.succeeded'), stepId: StepId, summary: z.string() }),
  z.strictObject({ type: z.literal('undo.failed'), stepId: StepId, error: ErrorJson }),
  z.strictObject({
    type: z.literal('undo.settled'),
    stepId: StepId,
    as: z.enum(['by-hand', 'passed-by']),
    reason: Text,
    by: Name,
  }),
  z.strictObject({ type: z.literal('roll-forward.requested'), reason: Text, by: Name }),
  z.strictObject({ type: z.literal('roll-forward.completed') }),
  /** Every step is settled and every check has passed: the target serves. */
  z.strictObject({ type: z.literal('rollback.completed') }),
  z.strictObject({
    type: z.literal('health.changed'),
    to: ServingState,
    detail: z.string(),
    /** When the probe that saw it was sent, on this session's monotonic clock. */
    sinceMonotonicMs: z.number(),
  }),
  z.strictObject({
    type: z.literal('watch.started'),
    seconds: z.number().positive(),
    intervalSeconds: z.number().positive(),
  }),
  z.strictObject({ type: z.literal('watch.sampled'), sample: WatchSample }),
  z.strictObject({
    type: z.literal('watch.ended'),
    verdict: WatchVerdict,
    reasons: z.array(z.string()),
    /** Set when a person ended it early. */
    endedBy: Name.nullable(),
  }),
  z.strictObject({ type: z.literal('message.edited'), messageId: z.string(), body: z.string() }),
  z.strictObject({
    type: z.literal('message.sent'),
    messageId: z.string(),
    where: Name,
    body: z.string(),
    by: Name,
  }),
  z.strictObject({ type: z.literal('note.added'), text: Text, by: Name }),
  z.strictObject({ type: z.literal('review.recorded'), review: Review }),
  z.strictObject({
    type: z.literal('drill-item.ticked'),
    itemId: z.string(),
    isTicked: z.boolean(),
    by: Name,
  }),
  z.strictObject({ type: z.literal('run.paused'), by: Name, reason: z.string() }),
  z.strictObject({ type: z.literal('run.continued'), by: Name }),
  z.strictObject({
    type: z.literal('mode.changed'),
    mode: RunMode,
    /** `console` when a gate or a failure ended a mode. */
    by: z.union([z.literal('console'), Name]),
    reason: z.string(),
  }),
  /** The laptop slept or its clock was set: in between nobody looked. */
  z.strictObject({
    type: z.literal('clock.jumped'),
    wallSeconds: z.number(),
    monotonicSeconds: z.number().nonnegative(),
  }),
  z.strictObject({ type: z.literal('machine.suspended') }),
  z.strictObject({ type: z.literal('machine.resumed') }),
  /** The run went out as a file. From here on it is only read, until it is taken over or back. */
  z.strictObject({
    type: z.literal('run.handed-over'),
    handoverId: z.uuid(),
    to: Name,
    by: Name,
  }),
  z.strictObject({
    type: z.literal('run.taken-over'),
    handoverId: z.uuid(),
    operator: Name,
    appVersion: z.string(),
    /** Counts the consoles that have driven the run; the first is 0. */
    epoch: z.int().positive(),
    /** True when it came back to the console that had handed it over. */
    isTakenBack: z.boolean(),
  }),
  /** The console took the run up again, after it had been closed or had crashed. */
  z.strictObject({ type: z.literal('run.resumed'), operator: Name, appVersion: z.string() }),
  z.strictObject({
    type: z.literal('run.closed'),
    outcome: RunOutcome,
    reason: z.string(),
    by: Name,
  }),
  /** Later, on a closed run: what it had kept is removed for good. */
  z.strictObject({
    type: z.literal('clean-up.started'),
    item: CleanUpItem,
    by: Name,
    typed: z.string(),
  }),
  z.strictObject({ type: z.literal('clean-up.removed'), item: CleanUpItem }),
  z.strictObject({ type: z.literal('clean-up.failed'), item: CleanUpItem, error: ErrorJson }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type RunEventType = RunEvent['type'];

/** One line of a journal. `seq` starts at 0 and has no gaps; `prev` is the SHA-256 of the line before, in hex. */
export const RunRecord = z.strictObject({
  v: z.literal(1),
  runId: RunId,
  seq: z.int().nonnegative(),
  prev: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  /** Milliseconds on the clock of `session`; never compared across sessions. */
  monotonicMs: z.number().nonnegative(),
  session: z.uuid(),
  event: RunEvent,
});
export type RunRecord = z.infer<typeof RunRecord>;
