import { z } from 'zod';
import { Answer } from '../connections/questions.js';
import { Reading } from '../decision/evidence.js';
import { ErrorJson } from '../errors/error-json.js';
import { Foresight } from '../plan/foresight.js';
import { StepId } from '../plan/planned-step.js';
import { PreviewItem, Target } from '../plan/target.js';
import { CleanUpOffer } from '../run/clean-up.js';
import { Order, RunCommand } from '../run/commands.js';
import { RunId, RunKind, RunRecord } from '../run/events.js';
import { RunOwner } from '../run/run-owner.js';
import { MOST_TAGS, RegistryTag } from '../runbook/registry-place.js';
import {
  AskedQuestion,
  Clock,
  HomeView,
  HostPlan,
  JournalProblem,
  Light,
  LogEntry,
  LogSource,
  Probe,
  RunSummary,
  Settings,
} from './views.js';

const ReportFormat = z.enum(['markdown', 'json']);

/**
 * Everything that may cross from the page to main and back. Both sides and the preload take their types
 * from here, and main parses every input with these schemas. Kept plain (no transform, default or coerce)
 * so that what is sent is what is received.
 */
export const contract = {
  requests: {
    'app.info': {
      input: z.null(),
      output: z.strictObject({ version: z.string(), dataFolder: z.string() }),
    },
    'home.read': { input: z.null(), output: HomeView },
    'runs.list': { input: z.null(), output: z.array(RunSummary) },
    'runs.start': {
      input: z.strictObject({
        runbookId: z.string().min(1),
        environment: z.string().min(1),
        procedureId: z.string().min(1),
        kind: RunKind,
        faults: z.array(z.string()).max(20),
      }),
      output: z.strictObject({ runId: RunId }),
    },
    /** Reads a run; touches nothing. `isAttached` says whether this process drives it. */
    'runs.read': {
      input: z.strictObject({ runId: RunId }),
      output: z.strictObject({
        /** A `PackedState` as JSON: one long text crosses many times faster than ten thousand small objects. */
        state: z.string(),
        /** The newest ones; they may be further than `state`. */
        records: z.array(RunRecord),
        /** What `runs.older` is asked with; 0 where nothing is older. */
        older: z.int().nonnegative(),
        isAttached: z.boolean(),
        /** Which other process drives it; it can be read here and not continued. */
        owner: RunOwner.nullable(),
        /** Where the journal breaks: `state` is what comes before, and the run is only read. */
        problem: JournalProblem.nullable(),
        lights: z.array(Light),
        clock: Clock,
      }),
    },
    'runs.older': {
      input: z.strictObject({ runId: RunId, before: z.int().positive() }),
      output: z.strictObject({ records: z.array(RunRecord), older: z.int().nonnegative() }),
    },
    /** The operator continues a run that a console left behind: what was running becomes unknown. */
    'runs.resume': { input: z.strictObject({ runId: RunId }), output: z.null() },
    /** Main asks where the file is to lie; null when the operator thought better of it, and then nothing is recorded. */
    'runs.handOver': {
      input: z.strictObject({ runId: RunId, to: z.string().trim().min(1).max(200) }),
      output: z.strictObject({ path: z.string().nullable() }),
    },
    /** The journal of a closed run for the console it came from; null when the operator thought better of it. */
    'runs.giveBack': {
      input: z.strictObject({ runId: RunId }),
      output: z.strictObject({ path: z.string().nullable() }),
    },
    /** Main asks for the file; null when none was chosen. */
    'runs.takeOver': {
      input: z.null(),
      output: z
        .strictObject({ runId: RunId, isTakenBack: z.boolean(), isClosed: z.boolean() })
        .nullable(),
    },
    /** The run that was handed over goes on here, without a file. */
    'runs.takeBack': { input: z.strictObject({ runId: RunId }), output: z.null() },
    'runs.command': {
      input: z.strictObject({ runId: RunId, command: RunCommand }),
      output: z.null(),
    },
    'runs.findTargets': {
      input: z.strictObject({
        runId: RunId,
        /** Only then the registry is asked, with the login of the user's own Docker configuration. */
        registryTags: z.array(RegistryTag).min(1).max(MOST_TAGS).optional(),
      }),
      output: z.strictObject({ targets: z.array(Target), at: z.iso.datetime() }),
    },
    'runs.preview': {
      input: z.strictObject({ runId: RunId, targetId: z.string().min(1) }),
      output: z.array(PreviewItem),
    },
    'runs.chooseTarget': {
      input: z.strictObject({ runId: RunId, targetId: z.string().min(1) }),
      output: z.null(),
    },
    'runs.order': {
      input: z.strictObject({ runId: RunId, ...Order.shape }),
      output: z.null(),
    },
    /** Live numbers for the evidence form; null where nothing could be measured. */
    'runs.measure': {
      input: z.strictObject({ runId: RunId }),
      output: z.strictObject({
        /** Null also while too few health requests were made to speak of a rate. */
        errorRatePercent: Reading.nullable(),
        requests: z.strictObject({ seen: z.int().nonnegative(), needed: z.int().positive() }),
        restarts: Reading.nullable(),
        errorLines: Reading.nullable(),
      }),
    },
    /** What approving a unit would make different, for the steps that can tell beforehand. Reads only. */
    'runs.foresee': {
      input: z.strictObject({ runId: RunId, unit: z.string().min(1) }),
      output: z.array(Foresight),
    },
    /** What taking back one step, or all (null), would lose as things are now: a line each. Reads only. */
    'runs.foreseeUndo': {
      input: z.strictObject({ runId: RunId, stepId: StepId.nullable() }),
      output: z.array(z.string()),
    },
    /** Observes a step whose outcome is unknown. Reads only; the answer is a record. */
    'runs.look': { input: z.strictObject({ runId: RunId, stepId: StepId }), output: z.null() },
    /** What a closed run has left, and what removing it would lose. Reads only. */
    'cleanUp.look': { input: z.strictObject({ runId: RunId }), output: z.array(CleanUpOffer) },
    'cleanUp.remove': {
      input: z.strictObject({
        runId: RunId,
        /** Ids of what was offered. */
        items: z.array(z.string().min(1)).max(200),
        /** The name of the environment, typed. */
        typed: z.string().max(200),
      }),
      output: z.null(),
    },
    /** What connections wait for the operator to answer, oldest first. */
    'connections.pending': { input: z.null(), output: z.array(AskedQuestion) },
    /** A secret crosses here once; main keeps, logs and records none. */
    'connections.answer': {
      input: z.strictObject({ id: z.uuid(), answer: Answer }),
      output: z.null(),
    },
    /** Connects to nothing. */
    'connections.plan': {
      input: z.strictObject({ runbookId: z.string().min(1), environment: z.string().min(1) }),
      output: z.array(HostPlan),
    },
    /** Tries a host again that could not be reached, or that the operator had refused. */
    'connections.connect': {
      input: z.strictObject({ runId: RunId, host: z.string().min(1) }),
      output: z.null(),
    },
    /** Takes away the lock that another console left on a host, with the reason. */
    'connections.breakLock': {
      input: z.strictObject({
        runId: RunId,
        host: z.string().min(1),
        reason: z.string().trim().min(1).max(1_000),
      }),
      output: z.null(),
    },
    'logs.page': {
      input: z.strictObject({
        runId: RunId,
        source: LogSource,
        from: z.int().nonnegative(),
        count: z.int().min(1).max(2_000),
      }),
      output: z.strictObject({ entries: z.array(LogEntry), total: z.int().nonnegative() }),
    },
    'reports.export': {
      input: z.strictObject({ runId: RunId, format: ReportFormat }),
      output: z.strictObject({ path: z.string() }),
    },
    'reports.reveal': {
      input: z.strictObject({ runId: RunId, format: ReportFormat }),
      output: z.null(),
    },
    'clipboard.copy': {
      input: z.strictObject({
        text: z.string().max(200_000),
        html: z.string().max(400_000).nullable(),
      }),
      output: z.null(),
    },
    'settings.read': { input: z.null(), output: Settings },
    'settings.write': { input: Settings, output: Settings },
  },
  events: {
    'runs.appended': RunRecord,
    'runs.lit': z.strictObject({ runId: RunId, lights: z.array(Light) }),
    /** The journal cannot be written, so nothing new is touched; null when it can again. */
    'runs.halted': z.strictObject({ runId: RunId, error: ErrorJson.nullable() }),
    /** Every question that is open, whenever one comes or goes. */
    'connections.asked': z.array(AskedQuestion),
    'runs.probed': z.strictObject({ runId: RunId, probe: Probe }),
    'logs.appended': z.strictObject({
      runId: RunId,
      source: LogSource,
      /** Index of the first entry; a gap means a missed push, healed by `logs.page`. */
      from: z.int().nonnegative(),
      entries: z.array(LogEntry),
    }),
  },
} as const satisfies {
  requests: Record<string, { input: z.ZodType; output: z.ZodType }>;
  events: Record<string, z.ZodType>;
};

type Requests = typeof contract.requests;
type Events = typeof contract.events;
export type RequestName = keyof Requests;
export type EventName = keyof Events;
// eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- Object.keys widens to string; `contract` is a literal
export const requestNames = Object.keys(contract.requests) as RequestName[];
export type Input<N extends RequestName> = z.infer<Requests[N]['input']>;
export type Output<N extends RequestName> = z.infer<Requests[N]['output']>;
export type Payload<N extends EventName> = z.infer<Events[N]>;

/** Failures cross as data: Electron keeps only the message of a rejected invoke. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorJson };

/** The whole surface of `window.lastgood`. */
export type Bridge = {
  readonly request: <N extends RequestName>(name: N, input: Input<N>) => Promise<Result<Output<N>>>;
  readonly subscribe: <N extends EventName>(
    name: N,
    listener: (payload: Payload<N>) => void,
  ) => () => void;
};
