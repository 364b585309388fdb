import type { Verdict } from '../../shared/decision/verdict.js';
import { asksForRollback } from '../../shared/decision/judge.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

/** Ends the run without a rollback; where the verdict asks for one, that is said before. */
export function fixForwardDialog(
  verdict: Verdict,
  fixForward: (reason: string) => Promise<void>,
): DialogSpec {
  return {
    title: 'Fix forward instead of rolling back',
    text: 'Closes this run as abandoned. Nothing has been changed and nothing will be.',
    ...(asksForRollback(verdict.advice) && {
      lines: ['The verdict asks for a rollback.', verdict.sentence],
    }),
    fields: [{ kind: 'textarea', name: 'reason', label: 'Why fix forward?' }],
    confirm: 'Close this run and fix forward',
    submit: (values) => fixForward((values['reason'] ?? '').trim()),
  };
}
