import { Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useStore } from 'zustand';
import { toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Answer } from '../../shared/connections/questions.js';
import type { AskedQuestion } from '../../shared/ipc/views.js';
import { useStores } from '../stores/stores.js';
import bar from '../ui/actions/action-bar.module.css';
import classes from '../ui/actions/action-dialog.module.css';
import { ErrorNotice } from '../ui/error-notice.js';
import { KeyHint } from '../ui/key-hint.js';
import { answerFor, missingFor, wordsFor } from './question-words.js';
import type { QuestionField } from './question-words.js';

/** Above every other dialog: a connection that waits holds up what lies below. */
const Z_INDEX = 400;

/** What a connection asks: one question at a time, oldest first. Closing it is refusing, never agreeing. */
export function QuestionDialog(): ReactNode {
  const { questions } = useStores();
  const pending = useStore(questions, (state) => state.pending);
  const [first] = pending;
  const title = first === undefined ? '' : wordsFor(first.question).title;
  const more = pending.length > 1 ? ` (1 of ${String(pending.length)})` : '';
  return (
    <Modal
      opened={first !== undefined}
      onClose={() => {
        if (first !== undefined) {
          void questions.getState().answer(first.id, { kind: 'refuse' });
        }
      }}
      title={title + more}
      size={620}
      zIndex={Z_INDEX}
      centered
      classNames={{ title: classes['title'] ?? '', content: classes['content'] ?? '' }}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      {first === undefined ? null : <Asked key={first.id} asked={first} />}
    </Modal>
  );
}

function Asked({ asked: { id, question } }: { readonly asked: AskedQuestion }): ReactNode {
  const { questions } = useStores();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [said, setSaid] = useState('');
  const [error, setError] = useState<ErrorJson | null>(null);
  const { text, lines, fields, ...buttons } = wordsFor(question);
  const send = (answer: Answer): void => {
    setValues({});
    questions
      .getState()
      .answer(id, answer)
      .catch((thrown: unknown) => {
        setError(toErrorJson(thrown));
      });
  };
  const confirm = (): void => {
    const missing = missingFor(question, values);
    setSaid(missing ?? '');
    if (missing === null) {
      send(answerFor(question, values));
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isOnButton = event.target instanceof HTMLButtonElement;
    if (event.key === 'Enter' && !isOnButton && !event.repeat && !event.nativeEvent.isComposing) {
      event.preventDefault();
      confirm();
    }
  };
  return (
    <Stack gap="sm" onKeyDown={onKeyDown}>
      <div className={classes['text']}>{text}</div>
      {lines.length === 0 ? null : <pre className={classes['lines']}>{lines.join('\n')}</pre>}
      {fields.map((field, index) => (
        <Field
          key={field.name}
          field={field}
          isFirst={index === 0}
          value={values[field.name] ?? ''}
          onChange={(value) => {
            setValues({ ...values, [field.name]: value });
          }}
        />
      ))}
      {error === null ? null : <ErrorNotice error={error} />}
      <div className={classes['said']} role="status">
        {said}
      </div>
      <Buttons
        {...buttons}
        onConfirm={confirm}
        onRefuse={() => {
          send({ kind: 'refuse' });
        }}
      />
    </Stack>
  );
}

function Field({
  field: { label, isSecret, description },
  isFirst,
  value,
  onChange,
}: {
  readonly field: QuestionField;
  readonly isFirst: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const common = {
    label,
    description,
    value,
    autoComplete: 'off',
    spellCheck: false,
    'data-autofocus': isFirst ? true : undefined,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      onChange(event.currentTarget.value);
    },
  };
  return <TextInput {...common} type={isSecret ? 'password' : 'text'} />;
}

function Buttons({
  confirm,
  refuse,
  isDanger,
  onConfirm,
  onRefuse,
}: {
  readonly confirm: string;
  readonly refuse: string;
  readonly isDanger: boolean;
  readonly onConfirm: () => void;
  readonly onRefuse: () => void;
}): ReactNode {
  return (
    <div className={classes['buttons']}>
      <button
        type="button"
        className={bar['button']}
        data-tone={isDanger ? 'danger' : 'primary'}
        onClick={onConfirm}
      >
        {confirm} <KeyHint name="Enter" />
      </button>
      <button type="button" className={bar['button']} data-tone="quiet" onClick={onRefuse}>
        {refuse} <KeyHint name="Escape" />
      </button>
    </div>
  );
}
