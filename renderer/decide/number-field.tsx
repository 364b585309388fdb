import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Reading } from '../../shared/decision/evidence.js';
import { Age } from '../ui/age.js';
import { FieldRow } from './field-row.js';
import { parseTypedNumber, showNumber, typedReading } from './typed-number.js';
import type { TypedNumber } from './typed-number.js';

/** A percentage with its source and age. What is typed is recorded when the field is left. */
export function NumberField({
  label,
  reading,
  offered,
  inputId,
  onChange,
}: {
  readonly label: string;
  readonly reading: Reading | null;
  /** A measured number beside a typed one. */
  readonly offered?: Reading | null;
  readonly inputId: string;
  readonly onChange: (reading: Reading | null) => void;
}): ReactNode {
  const { text, setText, parsed, record } = useTypedNumber(reading, onChange);
  const isWrong = parsed.kind === 'not-a-number';
  return (
    <FieldRow
      label={label}
      inputId={inputId}
      note={
        isWrong ? (
          parsed.why
        ) : (
          <Source reading={reading} offered={offered ?? null} onTake={onChange} />
        )
      }
      isWrong={isWrong}
    >
      <TextInput
        id={inputId}
        size="xs"
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={`${inputId}-note`}
        placeholder="not known"
        value={text}
        error={isWrong}
        rightSection="%"
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onBlur={record}
        onKeyDown={(event) => {
          // Enter ends the entry; it must not order anything in the same press.
          if (event.key === 'Enter' || event.key === 'Escape') {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      />
    </FieldRow>
  );
}

type Typing = {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly parsed: TypedNumber;
  /** Records what was typed, unless it is no number: then it stays to be corrected. */
  readonly record: () => void;
};

function useTypedNumber(
  reading: Reading | null,
  onChange: (reading: Reading | null) => void,
): Typing {
  const shown = reading === null ? '' : showNumber(reading.value);
  const [typed, setText] = useState<string | null>(null);
  const parsed = parseTypedNumber(typed ?? shown);
  const record = (): void => {
    if (typed === null || parsed.kind === 'not-a-number') {
      return;
    }
    setText(null);
    if (parsed.kind === 'nothing' && reading !== null) {
      onChange(null);
    }
    if (parsed.kind === 'number' && typed.trim() !== shown) {
      onChange(typedReading(parsed.value, new Date().toISOString()));
    }
  };
  return { text: typed ?? shown, setText, parsed, record };
}

function Source({
  reading,
  offered,
  onTake,
}: {
  readonly reading: Reading | null;
  readonly offered: Reading | null;
  readonly onTake: (reading: Reading) => void;
}): ReactNode {
  if (reading === null) {
    return ' ';
  }
  if (offered !== null) {
    return (
      <>
        typed · measured {showNumber(offered.value)} %{' '}
        <button
          type="button"
          onClick={() => {
            onTake(offered);
          }}
        >
          take it
        </button>
      </>
    );
  }
  return (
    <>
      {reading.source === 'typed' ? 'typed' : `measured: ${reading.detail}`} ·{' '}
      <Age at={reading.at} />
    </>
  );
}
