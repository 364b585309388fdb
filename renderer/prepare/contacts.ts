import type { Contact, Runbook } from '../../shared/runbook/schema.js';

/** Everybody on one sheet, to be pasted where the phone is. */
export function contactsText({ authority, support }: Runbook['contacts']): string {
  return [
    'Rollback authority',
    ...authority.map(contactLine),
    ...(support.length === 0 ? [] : ['', 'Support', ...support.map(contactLine)]),
  ].join('\n');
}

function contactLine({ role, name, phone }: Contact): string {
  return [role, name, phone ?? 'no phone on file'].filter((part) => part !== undefined).join(', ');
}
