import { openRequiredItems } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import { count } from '../text/format.js';

/** Whether the door to execution is open, and what holds it. */
export function prepareSentence(run: RunState): string {
  const to = run.target?.version ?? 'the target';
  if (run.phase === 'closed' && run.steps.every(({ attempt }) => attempt === 0)) {
    return `Closed before anything was done about ${to}`;
  }
  if (run.phase !== 'preparing') {
    return `What was prepared before going back to ${to}`;
  }
  const open = openRequiredItems(run).length;
  return open === 0
    ? `Everything required is settled: going back to ${to} can begin`
    : `Settle ${count(open, 'required item')}, then going back to ${to} can begin`;
}
