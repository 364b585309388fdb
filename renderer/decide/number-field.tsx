import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Reading } from '../../shared/decision/evidence.js';
import { Age } from '../ui/age.js';
import { FieldRow } from './field-row.js';
import { parseTypedNumber, showNumber, typedReading } from './typed-number.js';

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
  const shown = reading === null ? '' : showNumber(reading.value);
  const [typed, setTyped] = useState<string | null>(null);
  const parsed = parseTypedNumber(typed ?? shown);
  const isWrong = parsed.kind === 'not-a-number';

  const record = (): void => {
    if (typed === null || isWrong) {
      return;
    }
    setTyped(null);
    if (parsed.kind === 'nothing' && reading !== null) {
      onChange(null);
    }
    if (parsed.kind === 'number' && typed.trim() !== shown) {
      onChange(typedReading(parsed.value, new Date().toISOString()));
    }
  };

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
        value={typed ?? shown}
        error={isWrong}
        rightSection="%"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onBlur={record}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') {
            event.currentTarget.blur();
          }
        }}
      />
    </FieldRow>
  );
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
