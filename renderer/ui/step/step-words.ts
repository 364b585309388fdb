import { formatDuration } from '../../../shared/metrics/format-duration.js';
import type { PlannedStep } from '../../../shared/plan/planned-step.js';
import type { StepStatus } from '../../../shared/run/state.js';
import type { StatusSign, Tone } from '../status-word.js';

/** What a step does to the place it acts on. */
export function riskWords({ risk, where }: PlannedStep): string {
  switch (risk) {
    case 'read':
      return `only reads ${where}`;
    case 'change':
      return `changes ${where}`;
    case 'destroy':
      return `destroys on ${where}`;
  }
}

/** Also of a step that does harmless work: it is reversible, and its undo has nothing to do. */
export function leavesNothing({ risk, isReversible, undoText }: PlannedStep): boolean {
  return risk === 'read' || (isReversible && undoText === null);
}

export function undoWords(plan: PlannedStep): string {
  if (leavesNothing(plan)) {
    return 'nothing to take back';
  }
  const { isReversible } = plan;
  return isReversible ? 'can be taken back' : 'cannot be taken back';
}

/** "usually 0:08"; the runbook's own estimate. */
export function estimateWords({ estimateSeconds }: PlannedStep): string {
  return `estimate ${formatDuration(Math.max(1, estimateSeconds))}`;
}

export const statusTones = {
  pending: 'dim',
  approved: 'accent',
  running: 'accent',
  succeeded: 'ok',
  failed: 'bad',
  skipped: 'warn',
  'done-by-hand': 'ok',
  unknown: 'warn',
  undoing: 'accent',
  undone: 'dim',
  'undo-failed': 'bad',
} as const satisfies Record<StepStatus, Tone>;

export const statusSigns = {
  pending: 'waiting',
  approved: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'wrong',
  skipped: 'warning',
  'done-by-hand': 'done',
  unknown: 'unknown',
  undoing: 'running',
  undone: 'none',
  'undo-failed': 'wrong',
} as const satisfies Record<StepStatus, StatusSign>;
