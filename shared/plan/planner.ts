import { count } from '../count.js';
import { AppError } from '../errors/app-error.js';
import type { Json } from '../json.js';
import type { Environment } from '../runbook/environment-schema.js';
import type { Procedure, Runbook, RunbookStep } from '../runbook/schema.js';
import { scopeFor, substitute } from '../runbook/variables.js';
import { withSchemas } from './application-schemas.js';
import { containerScope, perContainer } from './per-container.js';
import type { ServiceContainer } from './per-container.js';
import type { Scope } from '../runbook/variables.js';
import { LONGEST_PLAN } from './planned-step.js';
import type { PlannedStep, Risk, StepId } from './planned-step.js';
import { whereItActs } from './where-it-acts.js';
import type { Target } from './target.js';

/** What planning needs to know of a step kind; main's registry fits. */
export type PlannableKind = {
  readonly risk: Risk;
  readonly repeatable: boolean;
  readonly isReversible: boolean;
  readonly startsWriters: boolean;
  readonly isManual: boolean;
  /** True where there is nothing to do with these: then the step is left out. */
  readonly isIdle?: (params: Json) => boolean;
  readonly describe: (params: Json) => string;
  readonly commands: (params: Json) => readonly string[];
  readonly undoText: (params: Json) => string | null;
};

export type PlanRequest = {
  readonly runbook: Runbook;
  readonly environment: Environment;
  readonly procedure: Procedure;
  readonly target: Target;
  readonly from: Target | null;
  readonly runId: string;
  /** Those of a service that is planned container by container, in the order in which they are taken back. */
  readonly containers?: readonly ServiceContainer[];
  /** Throws STEP_KIND_UNKNOWN for a kind it does not hold. */
  readonly kinds: (kind: string) => PlannableKind;
};

export type PlannedUnit = { readonly unit: string; readonly steps: readonly PlannedStep[] };

/** A step is asked after once it has taken this many times its estimate, and never sooner than a minute late. */
const DEADLINE_FACTOR = 4;
const DEADLINE_SLACK_SECONDS = 60;

/**
 * A procedure and a target become the steps that the operator approves. Throws RUNBOOK_VARIABLE_UNKNOWN,
 * STEP_KIND_UNKNOWN or STEP_PARAMS_INVALID, each naming the step, or PLAN_TOO_LONG.
 */
export function planSteps(request: PlanRequest): readonly PlannedStep[] {
  const { runbook, environment, target, from, runId, containers = [] } = request;
  const scope = scopeFor({ service: runbook.service, environment, target, from, runId });
  const steps = perContainer(request.procedure.steps, containers);
  if (steps.length > LONGEST_PLAN) {
    throw new AppError(
      'PLAN_TOO_LONG',
      `${count(steps.length, 'step')} for ${count(containers.length, 'container')}; ${String(LONGEST_PLAN)} are possible.`,
    );
  }
  let phase: string | undefined;
  return steps.flatMap(({ step, container }) => {
    phase = step.phase ?? phase;
    try {
      const own = { ...scope, ...containerScope({ step, container }, containers) };
      const planned = planStep(step, own, request);
      return planned === null ? [] : [{ ...planned, ...(phase === undefined ? {} : { phase }) }];
    } catch (error) {
      throw error instanceof AppError
        ? new AppError(error.code, `Step ${step.id}: ${error.message}`, { cause: error })
        : error;
    }
  });
}

function planStep(step: RunbookStep, scope: Scope, request: PlanRequest): PlannedStep | null {
  const kind = request.kinds(step.kind);
  const params = withSchemas(step.kind, substitute(step.with, scope), request.environment);
  if (kind.isIdle?.(params) === true) {
    return null;
  }
  return {
    id: step.id,
    title: step.title,
    kind: step.kind,
    params,
    risk: kind.risk,
    repeatable: kind.repeatable,
    isReversible: kind.isReversible,
    startsWriters: kind.startsWriters,
    unit: step.unit ?? step.id,
    stage: step.stage ?? 'execute',
    summary: kind.describe(params),
    commands: [...kind.commands(params)],
    undoText: kind.undoText(params),
    isManual: kind.isManual,
    approvedBy: step.approvedBy ?? 'operator',
    where: whereItActs(params, request.environment),
    estimateSeconds: step.estimateSeconds,
    deadlineSeconds: step.deadlineSeconds ?? defaultDeadline(step.estimateSeconds),
  };
}

function defaultDeadline(estimateSeconds: number): number {
  return Math.max(estimateSeconds * DEADLINE_FACTOR, estimateSeconds + DEADLINE_SLACK_SECONDS);
}

/** Where each phase of a plan begins: the step and the name of what begins with it. */
export function phaseBeginningAt(
  step: PlannedStep,
  previous: PlannedStep | undefined,
): string | null {
  return step.phase !== undefined && step.phase !== previous?.phase ? step.phase : null;
}

/** Consecutive steps that are approved together, in the order they run. */
export function units(steps: readonly PlannedStep[]): readonly PlannedUnit[] {
  const groups: { unit: string; steps: PlannedStep[] }[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.unit === step.unit) {
      last.steps.push(step);
    } else {
      groups.push({ unit: step.unit, steps: [step] });
    }
  }
  return groups;
}

/** The index of the first step after which undo cannot restore what was there; null when every step can be taken back. */
export function pointOfNoReturn(
  steps: readonly { readonly risk: Risk; readonly isReversible: boolean; readonly id: StepId }[],
): number | null {
  const index = steps.findIndex((step) => step.risk === 'destroy' && !step.isReversible);
  return index === -1 ? null : index;
}
