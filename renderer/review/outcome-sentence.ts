import type { RunState } from '../../shared/run/state.js';

/** How the run ended, or that it has not; never more than the journal says. */
export function outcomeSentence({ order, target, from, ...run }: RunState): string {
  const to = target?.version ?? 'the target';
  if (run.rolledForwardAt !== null) {
    return `Everything was taken back: ${from?.version ?? 'the version from before'} is where it was.`;
  }
  if (run.completedAt !== null) {
    return `Rolled back to ${to}: it serves and its checks passed.${watchClause(run.watch)}`;
  }
  if (run.closed !== null) {
    return order === null ? 'Closed without a rollback.' : `Closed before ${to} was brought back.`;
  }
  return order === null
    ? 'Nothing has been decided yet.'
    : `The rollback to ${to} is still under way.`;
}

const verdicts = {
  pass: ' The watch passed.',
  fail: ' The watch failed.',
  inconclusive: ' The watch was inconclusive.',
} as const;

function watchClause(watch: RunState['watch']): string {
  if (watch === null) {
    return '';
  }
  return watch.ended === null ? ' The watch goes on.' : verdicts[watch.ended.verdict];
}
