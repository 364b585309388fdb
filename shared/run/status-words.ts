import type { StepStatus } from './state.js';

/** One word for each status, the same on every screen. */
export function statusWord(status: StepStatus): string {
  return statusWords[status];
}

const statusWords = {
  pending: 'waiting',
  approved: 'approved',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  skipped: 'skipped',
  'done-by-hand': 'done by hand',
  unknown: 'unknown',
  undoing: 'being taken back',
  undone: 'taken back',
  'undo-failed': 'not taken back',
} as const satisfies Record<StepStatus, string>;
