import { z } from 'zod';
import { Question } from '../connections/questions.js';
import { RunId, RunKind, RunOutcome } from '../run/events.js';
import { ServingState } from '../run/facts.js';
import { RunOwner } from '../run/run-owner.js';
import { Tier } from '../runbook/environment-schema.js';

/** One line for lists. Every figure is folded from the run's own journal. */
export const RunSummary = z.strictObject({
  runId: RunId,
  kind: RunKind,
  runbookId: z.string(),
  service: z.string(),
  environment: z.string(),
  tier: Tier,
  operator: z.string(),
  startedAt: z.iso.datetime(),
  fromVersion: z.string().nullable(),
  toVersion: z.string().nullable(),
  /** In words: "executing", "watching", "rolled back". */
  phase: z.string(),
  outcome: RunOutcome.nullable(),
  /** False for a run that is finished, or was left behind by a console that ended. */
  isAttached: z.boolean(),
  /** Steps whose outcome nobody knows yet. */
  unknownSteps: z.array(z.string()),
  rollbackSeconds: z.number().nullable(),
  downtimeSeconds: z.number().nullable(),
  unhealthySeconds: z.number().nullable(),
  improvements: z.string(),
  /** Why its journal does not read to its end; then the other fields hold what could be read. Such a run is only read. */
  problem: z.string().nullable(),
  /** Which other process drives it; null when none does, or this one. */
  owner: RunOwner.nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Where a journal stops making sense, and why. */
export const JournalProblem = z.strictObject({
  line: z.int().positive(),
  code: z.string(),
  message: z.string(),
});
export type JournalProblem = z.infer<typeof JournalProblem>;

export const EnvironmentCard = z.strictObject({
  name: z.string(),
  tier: Tier,
  url: z.string(),
  /** Only a practice environment can inject faults. */
  faults: z.array(z.strictObject({ name: z.string(), title: z.string(), text: z.string() })),
  lastDrill: RunSummary.nullable(),
  lastIncident: RunSummary.nullable(),
  /** Days until the next drill is due; negative when overdue; null when never drilled. */
  drillDueInDays: z.int().nullable(),
  openRunId: RunId.nullable(),
  /** Every procedure of the runbook; `refusal` says why it cannot be carried out here. */
  procedures: z.array(
    z.strictObject({ id: z.string(), title: z.string(), refusal: z.string().nullable() }),
  ),
  /** The machines that are reached over SSH, as the runbook names them. */
  hosts: z.array(z.strictObject({ name: z.string(), address: z.string() })),
});
export type EnvironmentCard = z.infer<typeof EnvironmentCard>;

export const ServiceCard = z.strictObject({
  runbookId: z.string(),
  service: z.string(),
  title: z.string(),
  source: z.string(),
  procedures: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  environments: z.array(EnvironmentCard),
});
export type ServiceCard = z.infer<typeof ServiceCard>;

export const RunbookProblem = z.strictObject({
  file: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  message: z.string(),
});
export type RunbookProblem = z.infer<typeof RunbookProblem>;

export const HomeView = z.strictObject({
  services: z.array(ServiceCard),
  problems: z.array(RunbookProblem),
  unfinished: z.array(RunSummary),
  recent: z.array(RunSummary),
});
export type HomeView = z.infer<typeof HomeView>;

/** A connection light in the strip: words first, then colour. */
export const Light = z.strictObject({
  name: z.string(),
  state: z.enum(['ok', 'bad', 'checking']),
  text: z.string(),
  /** What is used to reach it, a line each. */
  uses: z.array(z.string()).optional(),
  /** Who holds the lock of the environment there, where that is not this run. */
  lockedBy: z.string().optional(),
});
export type Light = z.infer<typeof Light>;

/** A question of a connection that waits for the operator. */
export const AskedQuestion = z.strictObject({ id: z.uuid(), question: Question });
export type AskedQuestion = z.infer<typeof AskedQuestion>;

/** What will be used to reach a host or an engine, a line each, said before anything is connected. */
export const HostPlan = z.strictObject({ host: z.string(), lines: z.array(z.string()) });
export type HostPlan = z.infer<typeof HostPlan>;

export const Probe = z.strictObject({
  state: ServingState,
  status: z.int().nullable(),
  milliseconds: z.number().nullable(),
  at: z.iso.datetime(),
});
export type Probe = z.infer<typeof Probe>;

export const LogSource = z.enum(['step', 'service']);
export type LogSource = z.infer<typeof LogSource>;

export const LogEntry = z.strictObject({
  at: z.string(),
  stepId: z.string().nullable(),
  /** `mark` is the console's own line between the others. */
  stream: z.enum(['stdout', 'stderr', 'mark']),
  text: z.string(),
  isError: z.boolean(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** Main's clocks at the moment of answering, so that the page's meters agree with the journal. */
export const Clock = z.strictObject({
  at: z.iso.datetime(),
  monotonicMs: z.number(),
  session: z.uuid(),
});
export type Clock = z.infer<typeof Clock>;

export const Settings = z.strictObject({
  /** The name that stands in the journal and the messages. */
  operator: z.string().trim().min(1).max(200),
  theme: z.enum(['system', 'light', 'dark']),
});
export type Settings = z.infer<typeof Settings>;
