import { describeOwner } from '../../shared/run/owner-words.js';
import type { OpenRun } from '../stores/run-store.js';
import { formatDateTime } from '../text/format.js';
import type { StageActions } from '../ui/actions/action.js';

export type ReadOnly = { readonly title: string; readonly text: string };

/** Why a run can be read here and not continued; null when it can. */
export function readOnlyReason({ problem, owner, run }: OpenRun): ReadOnly | null {
  if (problem !== null) {
    return {
      title: `The journal of this run breaks at line ${problem.line}`,
      text: `${sentence(problem.message)} (${problem.code}) What stands before it is shown. Nothing can be done with this run here, and nothing is repaired unasked.`,
    };
  }
  if (owner === null) {
    return null;
  }
  const lastAt = run.lastAt?.at;
  const seen = lastAt === undefined ? '' : ` It is shown as it stood at ${formatDateTime(lastAt)}.`;
  const unseen = owner.isElsewhere
    ? ' This console cannot see that process: it may have ended, ask there.'
    : '';
  const { since, ...who } = owner;
  return {
    title: 'Another console drives this run',
    text: `It is ${describeOwner({ ...who, since: formatDateTime(since) })}.${seen}${unseen}`,
  };
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

export function leaveActions(goHome: () => void): StageActions {
  return {
    primary: {
      id: 'leave-run',
      label: 'Back to Home',
      key: 'Enter',
      tone: 'primary',
      run: goHome,
    },
    others: [
      { id: 'leave', label: 'Leave', key: 'Escape', tone: 'quiet', isInBar: false, run: goHome },
    ],
    then: 'only read here: nothing is touched',
  };
}
