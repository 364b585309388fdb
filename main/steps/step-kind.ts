import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import { parsedOnce } from '../../shared/parsed-once.js';
import type { Foresight } from '../../shared/plan/foresight.js';
import type { Risk } from '../../shared/plan/planned-step.js';
import type { Connections, HostPort, JobSecret, RunAs, ToolPlace } from '../connections/ports.js';

/** Where values lie that are secrets and that a step may need to be taken back: encrypted, for this run only. */
export type StepVault = {
  readonly put: (name: string, value: Json) => Promise<void>;
  /** VAULT_EMPTY or VAULT_UNREADABLE. */
  readonly get: (name: string) => Promise<Json>;
  /** Tells two values apart and gives neither away; worth nothing outside this console. */
  readonly mark: (text: string) => Promise<string>;
};

export type StepContext = {
  readonly connections: Connections;
  readonly vault: StepVault;
  /** Fires when the operator stops the step. */
  readonly signal: AbortSignal;
  readonly emit: (line: string) => void;
  /** Resolves when what was emitted lies on this computer's disk. LOG_NOT_KEPT says how much of it does not. */
  readonly kept: () => Promise<void>;
  /** The step's only clock. Rejects when the signal fires. */
  readonly delay: (milliseconds: number) => Promise<void>;
  /** What `foresee` said for the approval; null where nothing was shown. */
  readonly foreseen: Shown | null;
};

/** `isFresh`: seconds ago, so that there is no need to ask the same again. */
export type Shown = { readonly foresight: Foresight; readonly isFresh: boolean };

export type Observation = {
  /** Whether the state this step wants is already there; null where looking cannot tell. Never a guess: "not done" is acted on. */
  readonly isDone: boolean | null;
  /** What was seen, in one line for the operator. */
  readonly facts: string;
};

/**
 * One kind of thing a runbook can do. The engine observes, captures, writes the answer to disk and only
 * then acts. So `undo` works from `before` alone, even after a crash or a half-done act.
 */
export type StepKind<P, B extends Json> = {
  readonly kind: string;
  readonly risk: Risk;
  /** False when a second `act` would do harm (a POST, a toggle): then it is never repeated without looking. */
  readonly repeatable: boolean;
  /** True for what a person does and says so; such a step is never acted on. */
  readonly isManual?: boolean;
  /** True for a look that needs nothing of another look: those that follow each other in a unit are made at the same time. */
  readonly isGlance?: boolean;
  /** True where `capture` only says from where on to look and pictures nothing to restore: each attempt takes its own. */
  readonly capturesAnew?: boolean;
  /** True where calling the service while this acts would keep it down for longer. */
  readonly wantsQuiet?: boolean;
  /** True where what it starts may write to a database from then on: after that, a restore is not taken back without loss. */
  readonly startsWriters?: boolean;
  readonly params: z.ZodType<P>;
  readonly before: z.ZodType<B>;
  /** True where there is nothing to do with these: then the plan does not hold the step. Asks nobody. */
  isIdle?(params: P): boolean;
  /** One sentence the operator approves: the verb, the object, the place. */
  describe(params: P): string;
  /** What a person would type to do it by hand; it must be true. */
  commands(params: P): readonly string[];
  /** How it is taken back, said before it is needed. Null when there is nothing to take back. */
  undoText(params: P): string | null;
  /** Reads only: what would be different afterwards, for whoever is to approve it. Null where there is nothing to compare yet. */
  foresee?(params: P, context: StepContext): Promise<Foresight | null>;
  /** Reads only: what taking it back would lose as things are now, a line each, for whoever is to say so. */
  foreseeUndo?(params: P, before: B, context: StepContext): Promise<readonly string[]>;
  /** Reads only: is it already so? `before` is what was captured before its first attempt; null where there was none. */
  observe(params: P, context: StepContext, before: B | null): Promise<Observation>;
  /** Reads only: the state that undo needs. Holds ids, names and hashes, never secrets. */
  capture(params: P, context: StepContext): Promise<B>;
  /** Makes the change. Where `repeatable`, calling it twice ends in the same state. */
  act(params: P, before: B, context: StepContext): Promise<void>;
  /** Proves that the change holds and says so in one line; throws when it does not. */
  verify(params: P, before: B, context: StepContext): Promise<string>;
  /** Restores `before` and says what it did. May be called twice, and after an act that never began. */
  undo?(params: P, before: B, context: StepContext): Promise<string>;
};

type CommonKind = {
  readonly kind: string;
  readonly risk: Risk;
  readonly repeatable: boolean;
  readonly isReversible: boolean;
  readonly isManual: boolean;
  readonly isGlance: boolean;
  readonly capturesAnew: boolean;
  readonly wantsQuiet: boolean;
  readonly startsWriters: boolean;
  readonly isIdle?: (params: Json) => boolean;
  readonly describe: (params: Json) => string;
  readonly commands: (params: Json) => readonly string[];
  readonly undoText: (params: Json) => string | null;
  /** `before` is null before the first attempt. */
  readonly observe: (params: Json, context: StepContext, before: Json) => Promise<Observation>;
  readonly capture: (params: Json, context: StepContext) => Promise<Json>;
  readonly foresee: (params: Json, context: StepContext) => Promise<Foresight | null>;
  readonly foreseeUndo: (
    params: Json,
    before: Json,
    context: StepContext,
  ) => Promise<readonly string[]>;
};

/** A kind with its types closed over, so that one registry can hold them all. */
export type ActingKind = CommonKind & {
  readonly act: (params: Json, before: Json, context: StepContext) => Promise<void>;
  readonly verify: (params: Json, before: Json, context: StepContext) => Promise<string>;
  readonly undo: (params: Json, before: Json, context: StepContext) => Promise<string>;
};

/** Where scripts run. */
export type JobSite = {
  readonly port: HostPort;
  readonly as: RunAs;
  /** What the scripts must know and no argument, record or log may hold. Read when a job is begun. */
  readonly secrets: (signal: AbortSignal) => Promise<readonly JobSecret[]>;
  /** Of the database that a step is about; null for a step that is about none. */
  readonly tools: ToolPlace | null;
};

/**
 * One whose act is a script; `host-step.ts` and `postgres/tool-step.ts` make it. Several that follow each other at the same
 * site can be one piece of work.
 */
export type ScriptedKind = CommonKind & {
  /** Of its script and of that which takes it back; as a `JobPart`'s. */
  readonly saysLittle: boolean;
  /** The same for steps that run at the same site. Asks nobody. */
  readonly siteName: (params: Json) => string;
  readonly site: (params: Json, connections: Connections, signal: AbortSignal) => Promise<JobSite>;
  readonly script: (params: Json, before: Json, site: JobSite) => string;
  readonly undoScript: (params: Json, before: Json, site: JobSite) => string;
  /** Takes away what was kept for undo alone, once that is offered no more. Null where nothing was. */
  readonly closeScript: (params: Json, before: Json) => string | null;
};

export type AnyStepKind = ActingKind | ScriptedKind;

/** Parses at the edge, so that a kind only ever meets params and snapshots of its own types. */
export function defineStep<P, B extends Json>(spec: StepKind<P, B>): ActingKind {
  const params = (raw: Json): P => parseAs(spec.kind, 'params', spec.params, raw);
  const before = (raw: Json): B => parseAs(spec.kind, 'before', spec.before, raw);
  return {
    kind: spec.kind,
    risk: spec.risk,
    repeatable: spec.repeatable,
    isReversible: spec.undo !== undefined,
    isManual: spec.isManual ?? false,
    isGlance: spec.risk === 'read' && (spec.isGlance ?? false),
    capturesAnew: spec.capturesAnew ?? false,
    wantsQuiet: spec.wantsQuiet ?? false,
    startsWriters: spec.startsWriters ?? false,
    isIdle: (p) => spec.isIdle?.(params(p)) ?? false,
    describe: (p) => spec.describe(params(p)),
    commands: (p) => spec.commands(params(p)),
    undoText: (p) => spec.undoText(params(p)),
    foresee: async (p, context) => (await spec.foresee?.(params(p), context)) ?? null,
    foreseeUndo: async (p, b, context) =>
      (await spec.foreseeUndo?.(params(p), before(b), context)) ?? [],
    observe: async (p, context, b) =>
      spec.observe(params(p), context, b === null ? null : before(b)),
    capture: async (p, context) => spec.capture(params(p), context),
    act: async (p, b, context) => spec.act(params(p), before(b), context),
    verify: async (p, b, context) => spec.verify(params(p), before(b), context),
    undo: async (p, b, context) => {
      if (spec.undo === undefined) {
        throw new AppError('STEP_IRREVERSIBLE', `${spec.kind} cannot be taken back.`);
      }
      return spec.undo(params(p), before(b), context);
    },
  };
}

export function parseAs<T>(kind: string, what: string, schema: z.ZodType<T>, raw: Json): T {
  const parsed = schema.safeParse(raw, parsedOnce);
  if (parsed.success) {
    return parsed.data;
  }
  const first = parsed.error.issues[0];
  const where = [what, ...(first?.path ?? [])].join('.');
  throw new AppError(
    'STEP_PARAMS_INVALID',
    `${kind}: ${where}: ${first?.message ?? 'does not fit'}.`,
    { cause: parsed.error },
  );
}
