import { Modal, Stack } from '@mantine/core';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { toErrorJson } from '../../../shared/errors/app-error.js';
import type { ErrorJson } from '../../../shared/errors/app-error.js';
import { ErrorNotice } from '../error-notice.js';
import { KeyHint } from '../key-hint.js';
import bar from './action-bar.module.css';
import classes from './action-dialog.module.css';
import { useActionRegistry, useActions } from './actions-context.js';
import { DialogFieldInput } from './dialog-field-input.js';
import { initialOf, missingIn } from './dialog-spec.js';
import type { DialogSpec } from './dialog-spec.js';

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
      size={560}
      centered
      classNames={{ title: classes['title'] ?? '', content: classes['content'] ?? '' }}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      {dialog === null ? null : <Question dialog={dialog} onClose={closeDialog} />}
    </Modal>
  );
}

type Values = Readonly<Record<string, string>>;

function Question({
  dialog,
  onClose,
}: {
  readonly dialog: DialogSpec;
  readonly onClose: () => void;
}): ReactNode {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(dialog.fields.map((field) => [field.name, initialOf(field)])),
  );
  const [said, setSaid] = useState<string | null>(null);
  const [error, setError] = useState<ErrorJson | null>(null);
  const [isSending, setIsSending] = useState(false);
  // State is too late for two presses in one frame.
  const isSent = useRef(false);

  const confirm = async (): Promise<void> => {
    const missing = missingIn(dialog.fields, values);
    setSaid(missing);
    if (missing !== null || isSent.current) {
      return;
    }
    isSent.current = true;
    setIsSending(true);
    setError(null);
    try {
      await dialog.submit(values);
      onClose();
    } catch (thrown) {
      setError(toErrorJson(thrown));
    } finally {
      isSent.current = false;
      setIsSending(false);
    }
  };
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
            setValues((now) => ({ ...now, [field.name]: value }));
            setSaid(null);
          }}
        />
      ))}
      {error === null ? null : <ErrorNotice error={error} />}
      <div className={classes['said']} role="status">
        {said}
      </div>
      <div className={classes['buttons']}>
        <button
          type="button"
          className={bar['button']}
          data-tone={dialog.isDanger === true ? 'danger' : 'primary'}
          data-autofocus={dialog.fields.length === 0 ? true : undefined}
          aria-busy={isSending}
          onClick={() => {
            void confirm();
          }}
        >
          {dialog.confirm} <KeyHint name="Enter" />
        </button>
        <button type="button" className={bar['button']} data-tone="quiet" onClick={onClose}>
          Cancel <KeyHint name="Escape" />
        </button>
      </div>
    </Stack>
  );
}
