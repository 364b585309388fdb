import type { ReactNode } from 'react';
import type { Contact, Runbook } from '../../shared/runbook/schema.js';
import { Card } from '../ui/card.js';
import { CopyButton } from '../ui/copy-button.js';
import { KeyHint } from '../ui/key-hint.js';
import classes from './contacts-card.module.css';

type Copy = (text: string) => Promise<void>;

/** Who may order and who can help. A missing number is said, so that it is added before it is needed. */
export function ContactsCard({
  contacts,
  onCopy,
}: {
  readonly contacts: Runbook['contacts'];
  readonly onCopy: Copy;
}): ReactNode {
  const all = [...contacts.authority, ...contacts.support];
  const isAnyMissing = all.some(({ phone }) => phone === undefined);
  return (
    <Card
      title="Contacts"
      aside={
        <>
          <KeyHint name="K" /> copy all
        </>
      }
    >
      <People heading="May order a rollback" contacts={contacts.authority} onCopy={onCopy} />
      {contacts.support.length === 0 ? null : (
        <People heading="Support" contacts={contacts.support} onCopy={onCopy} />
      )}
      {isAnyMissing ? (
        <div className={classes['heading']}>Numbers that are missing belong into the runbook.</div>
      ) : null}
    </Card>
  );
}

function People({
  heading,
  contacts,
  onCopy,
}: {
  readonly heading: string;
  readonly contacts: readonly Contact[];
  readonly onCopy: Copy;
}): ReactNode {
  return (
    <div className={classes['list']}>
      <span className={classes['heading']}>{heading}</span>
      {contacts.map((contact) => (
        <Person key={`${contact.role}-${contact.name ?? ''}`} contact={contact} onCopy={onCopy} />
      ))}
    </div>
  );
}

function Person({
  contact: { role, name, phone },
  onCopy,
}: {
  readonly contact: Contact;
  readonly onCopy: Copy;
}): ReactNode {
  return (
    <>
      <span>{name === undefined ? role : `${name}, ${role}`}</span>
      {phone === undefined ? (
        <span className={classes['missing']}>no phone on file</span>
      ) : (
        <span className={classes['phone']}>
          {phone}
          <CopyButton label={`Copy the number of ${name ?? role}`} onCopy={() => onCopy(phone)} />
        </span>
      )}
    </>
  );
}
