import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useActions } from '../ui/actions/actions-context.js';
import type { Action } from '../ui/actions/action.js';
import { stageActionsOf } from '../ui/actions/registry.js';
import { KeyHint } from '../ui/key-hint.js';
import classes from './keys-help.module.css';

/** Every key that does something here and now. */
export function KeysHelp({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const { primary, others } = useActions(stageActionsOf);
  const frame = useActions((state) => state.frame);
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" size={620} centered>
      <KeyTable
        title="On this screen"
        actions={[...(primary === null ? [] : [primary]), ...others]}
      />
      <KeyTable title="Everywhere" actions={frame} />
    </Modal>
  );
}

function KeyTable({
  title,
  actions,
}: {
  readonly title: string;
  readonly actions: readonly Action[];
}): ReactNode {
  const bound = actions.filter(({ key }) => key !== null);
  return bound.length === 0 ? null : (
    <section className={classes['group']}>
      <h3>{title}</h3>
      <dl>
        {bound.map(({ id, key, label, refusal }) => (
          <div key={`${id} ${key ?? ''}`}>
            <dt>
              <KeyHint name={key ?? ''} />
            </dt>
            <dd>
              {label}
              {refusal === undefined || refusal === null ? null : <small>{refusal}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
