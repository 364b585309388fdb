import { Checkbox, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DialogField } from './dialog-spec.js';

type FieldProps<K extends DialogField['kind']> = {
  readonly field: Extract<DialogField, { kind: K }>;
  readonly isFirst: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** One field of the dialog; the first has the focus. */
export function DialogFieldInput(props: {
  readonly field: DialogField;
  readonly isFirst: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { field, ...rest } = props;
  switch (field.kind) {
    case 'choice':
      return <ChoiceInput field={field} {...rest} />;
    case 'checks':
      return <ChecksInput field={field} {...rest} />;
    default:
      return <WordsInput field={field} {...rest} />;
  }
}

function WordsInput({
  field,
  isFirst,
  value,
  onChange,
}: FieldProps<'text' | 'textarea'>): ReactNode {
  const common = {
    label: field.label,
    value,
    placeholder: field.placeholder ?? field.mustEqual ?? '',
    'data-autofocus': isFirst ? true : undefined,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      onChange(event.currentTarget.value);
    },
  };
  return field.kind === 'textarea' ? (
    <Textarea {...common} autosize minRows={2} maxRows={8} description="Shift+Enter: new line" />
  ) : (
    <TextInput {...common} autoComplete="off" spellCheck={false} />
  );
}

function ChoiceInput({ field, isFirst, value, onChange }: FieldProps<'choice'>): ReactNode {
  return (
    <Radio.Group label={field.label} value={value} onChange={onChange}>
      <Stack gap={6} mt={6}>
        {field.choices.map((choice, index) => (
          <Radio
            key={choice.value}
            value={choice.value}
            label={choice.label}
            data-autofocus={isFirst && index === 0 ? true : undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function ChecksInput({ field, isFirst, value, onChange }: FieldProps<'checks'>): ReactNode {
  return (
    <Checkbox.Group
      label={field.label}
      value={value === '' ? [] : value.split(',')}
      onChange={(names: string[]) => {
        onChange(names.join(','));
      }}
    >
      <Stack gap={8} mt={8}>
        {field.choices.map((choice, index) => (
          <Checkbox
            key={choice.value}
            value={choice.value}
            label={choice.label}
            description={choice.text}
            data-autofocus={isFirst && index === 0 ? true : undefined}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
