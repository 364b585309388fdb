import type { StepId } from '../plan/planned-step.js';
import type { ChecklistItem } from '../runbook/schema.js';
import type { RunState, StepState, StepStatus } from './state.js';

/** Questions that main and the page ask of a run. One answer for both, so that they cannot disagree. */

const settled: ReadonlySet<StepStatus> = new Set(['succeeded', 'skipped', 'done-by-hand']);

export function isSettled({ status }: StepState): boolean {
  return settled.has(status);
}

export function stepById(state: RunState, stepId: string): StepState | undefined {
  return state.steps.find(({ plan }) => plan.id === stepId);
}

/** The first step that is not settled: the one in focus. */
export function currentStep(state: RunState): StepState | undefined {
  return state.steps.find((step) => !isSettled(step));
}

/** The step whose act or undo is under way right now. */
export function busyStep(state: RunState): StepState | undefined {
  return state.steps.find(({ status }) => status === 'running' || status === 'undoing');
}

/** Every step of the current unit, settled ones too. Empty when nothing is left. */
export function currentUnit(state: RunState): readonly StepState[] {
  const current = currentStep(state);
  return current === undefined
    ? []
    : state.steps.filter(({ plan }) => plan.unit === current.plan.unit);
}

/** The unit's steps that an approval now would set going: from the current step on. */
export function stepsToApprove(state: RunState, unit: string): readonly StepState[] {
  const current = currentStep(state);
  if (current === undefined || current.plan.unit !== unit) {
    return [];
  }
  return state.steps.filter((step) => step.plan.unit === unit && !isSettled(step));
}

export function isExecuting(state: RunState): boolean {
  return state.phase === 'executing' || state.phase === 'rolling-forward';
}

/** From this step on, those of its unit that are approved with it. */
export function approvedFrom(state: RunState, { plan }: StepState): readonly StepState[] {
  const rest = state.steps.slice(state.steps.findIndex((step) => step.plan.id === plan.id));
  const end = rest.findIndex((step) => step.plan.unit !== plan.unit || step.status !== 'approved');
  return end === -1 ? rest : rest.slice(0, end);
}

/** Steps with an outcome that nobody knows yet, in order. */
export function unknownSteps(state: RunState): readonly StepState[] {
  return state.steps.filter(({ status }) => status === 'unknown');
}

/** Index of the first step that destroys and has no undo; null when every step can be taken back. */
export function pointOfNoReturn(state: RunState): number | null {
  const index = state.steps.findIndex(({ plan }) => plan.risk === 'destroy' && !plan.isReversible);
  return index === -1 ? null : index;
}

/** What must be typed to approve a unit, or null. Typing is for what cannot be taken back. */
export function typingFor(
  state: RunState,
  unit: string,
): { readonly version: string; readonly host: string } | null {
  const { started, target } = state;
  if (started === null || target === null) {
    return null;
  }
  const line = pointOfNoReturn(state);
  const isGrave = state.steps.some(
    ({ plan }, index) =>
      plan.unit === unit &&
      plan.risk !== 'read' &&
      (plan.risk === 'destroy' || (line !== null && index >= line)),
  );
  return isGrave ? { version: target.version, host: started.environment.name } : null;
}

/** Whether some step of the unit needs the word of somebody who may order a rollback. */
export function needsAuthority(state: RunState, unit: string): boolean {
  return state.steps.some(({ plan }) => plan.unit === unit && plan.approvedBy === 'authority');
}

export function isAuthority({ started }: RunState, named: string | null): boolean {
  const contacts = started?.runbook.contacts.authority ?? [];
  return contacts.some(({ role, name }) => named === role || (named !== null && named === name));
}

/** Where running by itself ends: a person must act, give their word, or type what cannot be taken back. */
export function isGate(state: RunState, unit: string): boolean {
  return (
    needsAuthority(state, unit) ||
    typingFor(state, unit) !== null ||
    state.steps.some(({ plan }) => plan.unit === unit && plan.isManual)
  );
}

/** Steps that a roll forward still has to take back, newest first. */
export function stepsToUndo(state: RunState): readonly StepState[] {
  return state.steps.filter(needsUndo).toReversed();
}

function needsUndo({ plan, attempt, status }: StepState): boolean {
  if (plan.risk === 'read' || status === 'undone') {
    return false;
  }
  return attempt > 0 || status === 'done-by-hand';
}

/** The newest step that changed something: the only one that may be taken back on its own. */
export function newestUndoable(state: RunState): StepState | undefined {
  return stepsToUndo(state)[0];
}

/** Required items that nobody has ticked or passed by. They hold the door to execution. */
export function openRequiredItems(state: RunState): readonly ChecklistItem[] {
  const items = state.started?.runbook.checklist ?? [];
  return items.filter(({ id, required }) => required && state.checklist[id] === undefined);
}

export function isOver(state: RunState): boolean {
  return state.phase === 'closed';
}

export type Stage = 'decide' | 'prepare' | 'execute' | 'verify' | 'communicate' | 'review';

/** Where the operator's next action is. Communicate is open at any time and never the answer. */
export function currentStage(state: RunState): Stage {
  switch (state.phase) {
    case 'deciding':
      return 'decide';
    case 'preparing':
      return 'prepare';
    case 'executing':
      return currentStep(state)?.plan.stage === 'verify' ? 'verify' : 'execute';
    case 'rolling-forward':
      return 'execute';
    case 'completed':
      return state.watch !== null && state.watch.ended === null ? 'verify' : 'review';
    case 'rolled-forward':
    case 'closed':
      return 'review';
  }
}

/** Stages that are behind the run. */
export function isStageDone(state: RunState, stage: Stage): boolean {
  const isOrdered = state.order !== null;
  const isUp = state.completedAt !== null;
  switch (stage) {
    case 'decide':
      return isOrdered;
    case 'prepare':
      return isOrdered && state.phase !== 'preparing';
    case 'execute':
      return isUp || state.rolledForwardAt !== null || currentStage(state) === 'verify';
    case 'verify':
      return isUp && state.watch?.ended !== null && state.watch !== null;
    case 'communicate':
      return Object.values(state.messages).some(({ sent }) => sent.length > 0) && isOver(state);
    case 'review':
      return isOver(state);
  }
}

export function unitOf(state: RunState, stepId: StepId): readonly StepState[] {
  const unit = stepById(state, stepId)?.plan.unit;
  return state.steps.filter(({ plan }) => plan.unit === unit);
}
