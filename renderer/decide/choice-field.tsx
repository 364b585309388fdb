import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { FieldRow } from './field-row.js';

/** One of a few words, or "not known", which is an answer of its own and never the same as "no". */
export function ChoiceField<T extends string>({
  label,
  inputId,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly inputId: string;
  readonly value: T | null;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T | null) => void;
}): ReactNode {
  return (
    <FieldRow label={label} inputId={inputId} note={null}>
      <NativeSelect
        id={inputId}
        size="xs"
        value={value ?? ''}
        data={[{ value: '', label: 'not known' }, ...choices]}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          onChange(choices.find((choice) => choice.value === chosen)?.value ?? null);
        }}
      />
    </FieldRow>
  );
}

const yesNo = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
] as const;

export function YesNoField({
  label,
  inputId,
  value,
  onChange,
}: {
  readonly label: string;
  readonly inputId: string;
  readonly value: boolean | null;
  readonly onChange: (value: boolean | null) => void;
}): ReactNode {
  return (
    <ChoiceField
      label={label}
      inputId={inputId}
      value={value === null ? null : value ? 'yes' : 'no'}
      choices={yesNo}
      onChange={(chosen) => {
        onChange(chosen === null ? null : chosen === 'yes');
      }}
    />
  );
}
