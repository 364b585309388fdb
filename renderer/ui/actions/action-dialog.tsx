import { Modal, Stack } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { ErrorNotice } from '../error-notice.js';
import { KeyHint } from '../key-hint.js';
import bar from './action-bar.module.css';
import classes from './action-dialog.module.css';
import { useActionRegistry, useActions } from './actions-context.js';
import { DialogFieldInput } from './dialog-field-input.js';
import type { DialogFact, DialogSpec } from './dialog-spec.js';
import { useAnswer } from './use-answer.js';

/** The one dialog of the page; an action opens it with `useAsk`. */
export function ActionDialog(): ReactNode {
  const registry = useActionRegistry();
  const dialog = useActions((state) => state.dialog);
  const { closeDialog } = registry.getState();
  return (
    <Modal
      opened={dialog !== null}
      onClose={closeDialog}
      title={dialog?.title}
      // Figures, commands and what is typed below them: all of it in sight in a laptop's window.
      size={dialog?.lines === undefined ? 560 : 760}
      centered
      classNames={{ title: classes['title'] ?? '', content: classes['content'] ?? '' }}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      {dialog === null ? null : <Question dialog={dialog} onClose={closeDialog} />}
    </Modal>
  );
}

function Question({
  dialog,
  onClose,
}: {
  readonly dialog: DialogSpec;
  readonly onClose: () => void;
}): ReactNode {
  const { values, change, said, error, isSending, confirm } = useAnswer(dialog, onClose);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isOnButton = event.target instanceof HTMLButtonElement;
    if (event.key === 'Enter' && !event.shiftKey && !isOnButton && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (!event.repeat) {
        void confirm();
      }
    }
  };
  return (
    <Stack gap="sm" onKeyDown={onKeyDown}>
      {dialog.facts === undefined ? null : <Facts facts={dialog.facts} />}
      {dialog.text === undefined ? null : <div className={classes['text']}>{dialog.text}</div>}
      {dialog.lines === undefined ? null : (
        <pre className={classes['lines']}>{dialog.lines.join('\n')}</pre>
      )}
      {dialog.fields.map((field, index) => (
        <DialogFieldInput
          key={field.name}
          field={field}
          isFirst={index === 0}
          value={values[field.name] ?? ''}
          onChange={(value) => {
            change(field.name, value);
          }}
        />
      ))}
      {error === null ? null : <ErrorNotice error={error} />}
      <div className={classes['said']} role="status">
        {said}
      </div>
      <Buttons dialog={dialog} isSending={isSending} onConfirm={confirm} onClose={onClose} />
    </Stack>
  );
}

function Facts({ facts }: { readonly facts: readonly DialogFact[] }): ReactNode {
  return (
    <ul className={classes['facts']}>
      {facts.map(({ text, tone }, index) => (
        <li key={`${String(index)} ${text}`} data-tone={tone}>
          {text}
        </li>
      ))}
    </ul>
  );
}

function Buttons({
  dialog,
  isSending,
  onConfirm,
  onClose,
}: {
  readonly dialog: DialogSpec;
  readonly isSending: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <div className={classes['buttons']}>
      <button
        type="button"
        className={bar['button']}
        data-tone={dialog.isDanger === true ? 'danger' : 'primary'}
        data-autofocus={dialog.fields.length === 0 ? true : undefined}
        aria-busy={isSending}
        onClick={() => {
          void onConfirm();
        }}
      >
        {dialog.confirm} <KeyHint name="Enter" />
      </button>
      <button type="button" className={bar['button']} data-tone="quiet" onClick={onClose}>
        Cancel <KeyHint name="Escape" />
      </button>
    </div>
  );
}
