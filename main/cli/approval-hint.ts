import type { RunCommand } from '../../shared/run/commands.js';
import { isAuthority, needsAuthority, typingFor } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';

type Approval = Extract<RunCommand, { readonly type: 'approve' }>;

/** Which options of the command line an approval still lacks; empty where none would help. */
export function approvalHint(state: RunState, { unit, typed, authority }: Approval): string {
  const hints: string[] = [];
  if (needsAuthority(state, unit) && !isAuthority(state, authority)) {
    const contacts = state.started?.runbook.contacts.authority ?? [];
    const names = contacts.map(({ role }) => role).join(', ') || 'the runbook names nobody';
    hints.push(`--authority NAME (${names})`);
  }
  const wanted = typingFor(state, unit);
  if (wanted !== null && (typed?.version !== wanted.version || typed.host !== wanted.host)) {
    hints.push('--type-version VERSION --type-host ENVIRONMENT');
  }
  return hints.length === 0 ? '' : ` Add ${hints.join(' ')}.`;
}
