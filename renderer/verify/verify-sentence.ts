import type { RunState } from '../../shared/run/state.js';

/** What is known about the target so far; a check that was not carried out proves nothing. */
export function verifySentence(run: RunState): string {
  const to = run.target?.version ?? 'the target';
  if (run.watch !== null) {
    return run.watch.ended === null ? `Does ${to} go on serving?` : `${to} was watched`;
  }
  if (run.completedAt !== null) {
    return `${to} serves: its checks are settled`;
  }
  return `Does ${to} really serve?`;
}
