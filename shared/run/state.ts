import type { Evidence } from '../decision/evidence.js';
import type { ErrorJson } from '../errors/app-error.js';
import type { Json } from '../json.js';
import type { PlannedStep, StepId } from '../plan/planned-step.js';
import type { PreviewItem, Target } from '../plan/target.js';
import type { Environment } from '../runbook/environment-schema.js';
import type { Procedure, Runbook } from '../runbook/schema.js';
import type { RunId, RunKind, RunMode, RunOutcome } from './events.js';
import type { Baseline, Review, ServingState, WatchSample, WatchVerdict } from './facts.js';

export type StepStatus =
  | 'pending'
  | 'approved'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'done-by-hand'
  | 'unknown'
  | 'undoing'
  | 'undone'
  | 'undo-failed';

export type StepState = {
  readonly plan: PlannedStep;
  readonly status: StepStatus;
  /** 0 until it was first started. */
  readonly attempt: number;
  /** The remote state before the first attempt. Undo restores this, whatever happened since. */
  readonly before: Json;
  readonly error: ErrorJson | null;
  /** The step's own one-line result, or the words it was settled, skipped or done by hand with. */
  readonly summary: string;
  readonly wasAlready: boolean;
  /** The detached work on a host that its last attempt was part of; null where there was none. */
  readonly job: string | null;
  /** How often it was announced, also where nothing of it was begun then: names its detached work, never twice the same. */
  readonly announced: number;
  /** How often it was begun to be taken back. */
  readonly undoAttempt: number;
  readonly isStopRequested: boolean;
  /** Set while the operator is asked about a step that takes too long or says nothing. */
  readonly overdue: {
    readonly what: 'deadline' | 'silence';
    readonly seconds: number;
    readonly at: Moment;
  } | null;
  /** When the operator last chose to go on waiting: the deadline counts from there. */
  readonly keptWaitingAt: Moment | null;
  /** What was seen when an unknown outcome was looked at. */
  readonly looked: { readonly isDone: boolean | null; readonly facts: string } | null;
  readonly startedAt: Moment | null;
  readonly endedAt: Moment | null;
};

/** A point in time as the journal has it. Differences are taken on the monotonic clock within one session. */
export type Moment = {
  readonly at: string;
  readonly monotonicMs: number;
  readonly session: string;
};

export type Tick = {
  readonly how: 'ticked' | 'passed-by';
  /** `console` when evidence ticked it. */
  readonly by: string;
  readonly text: string;
  readonly at: string;
};

export type HealthSpan = {
  readonly state: ServingState;
  readonly detail: string;
  readonly since: Moment;
};

export type WatchState = {
  readonly seconds: number;
  readonly intervalSeconds: number;
  readonly startedAt: Moment;
  readonly samples: readonly WatchSample[];
  readonly ended: {
    readonly verdict: WatchVerdict;
    readonly reasons: readonly string[];
    readonly endedBy: string | null;
    readonly at: Moment;
  } | null;
};

export type MessageState = {
  /** Null while the text is the filled template. */
  readonly body: string | null;
  readonly sent: readonly {
    readonly at: Moment;
    readonly where: string;
    readonly body: string;
    readonly by: string;
  }[];
};

export type RunPhase =
  /** Evidence, target, verdict: nothing has been ordered yet. */
  | 'deciding'
  /** Ordered; the checklist holds the door. */
  | 'preparing'
  | 'executing'
  /** Undoing every step, newest first. */
  | 'rolling-forward'
  /** The target serves and its checks passed; the watch and the messages remain. */
  | 'completed'
  /** Every step has been taken back. */
  | 'rolled-forward'
  | 'closed';

export type StartedRun = {
  readonly runId: RunId;
  readonly kind: RunKind;
  readonly operator: string;
  readonly appVersion: string;
  readonly runbook: Runbook;
  readonly environment: Environment;
  readonly procedure: Procedure;
  readonly faults: readonly string[];
  readonly at: Moment;
};

export type RunState = {
  /** Null only before the first record. */
  readonly started: StartedRun | null;
  readonly phase: RunPhase;
  readonly operator: string;
  readonly evidence: Evidence;
  readonly target: Target | null;
  readonly from: Target | null;
  readonly preview: readonly PreviewItem[];
  readonly order: {
    readonly authority: string;
    readonly operator: string;
    readonly reason: string;
    readonly verdict: string;
    readonly at: Moment;
  } | null;
  readonly baseline: Baseline | null;
  readonly checklist: Readonly<Record<string, Tick>>;
  readonly steps: readonly StepState[];
  /** A single step that the operator wants taken back while the run goes on. */
  readonly undoRequested: StepId | null;
  readonly mode: RunMode;
  readonly paused: { readonly by: string; readonly reason: string; readonly at: Moment } | null;
  readonly rollForward: {
    readonly reason: string;
    readonly by: string;
    readonly at: Moment;
  } | null;
  readonly completedAt: Moment | null;
  readonly rolledForwardAt: Moment | null;
  readonly health: readonly HealthSpan[];
  readonly watch: WatchState | null;
  readonly messages: Readonly<Record<string, MessageState>>;
  readonly notes: readonly { readonly text: string; readonly by: string; readonly at: Moment }[];
  readonly review: Review;
  readonly drillTicks: Readonly<
    Record<string, { readonly isTicked: boolean; readonly by: string }>
  >;
  /** When the console that drove the run changed: crash, quit, hand over. */
  readonly resumes: readonly Moment[];
  /** Stretches in which nobody looked, because the machine slept or its clock was set. */
  readonly gaps: readonly { readonly seconds: number; readonly at: Moment }[];
  /** Counts the consoles that have driven the run; the first is 0. */
  readonly epoch: number;
  /** Set while the run is on its way to another console: here it is only read. */
  readonly handedOver: {
    readonly handoverId: string;
    readonly to: string;
    readonly by: string;
    readonly at: Moment;
  } | null;
  /** Every handover that was taken up, so that the same file cannot be taken up twice. */
  readonly takenOver: readonly string[];
  readonly closed: {
    readonly outcome: RunOutcome;
    readonly reason: string;
    readonly by: string;
    readonly at: Moment;
  } | null;
  readonly lastSeq: number;
  readonly lastAt: Moment | null;
};
