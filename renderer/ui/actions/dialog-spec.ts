export type DialogField =
  | {
      readonly kind: 'text' | 'textarea';
      readonly name: string;
      readonly label: string;
      readonly placeholder?: string;
      readonly initial?: string;
      readonly isOptional?: boolean;
      /** The operator must type exactly this: for what cannot be taken back. */
      readonly mustEqual?: string;
    }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly initial: string;
      readonly choices: readonly { readonly value: string; readonly label: string }[];
    }
  /** Any number of choices; the value is their names, joined by commas. */
  | {
      readonly kind: 'checks';
      readonly name: string;
      readonly label: string;
      readonly initial?: string;
      readonly choices: readonly {
        readonly value: string;
        readonly label: string;
        readonly text: string;
      }[];
    };

/** `bad`: it stands in the way of what is asked. */
export type DialogFact = { readonly text: string; readonly tone?: 'bad' };

/** Each of them a line of its own. */
export const factsOf = (texts: readonly string[]): readonly DialogFact[] =>
  texts.flatMap((text) => text.split('\n')).map((text) => ({ text }));

/** A small question that an action needs answered. It stays open, text and all, until `submit` succeeds. */
export type DialogSpec = {
  readonly title: string;
  /** What must have been read before it is confirmed, above everything else; the worst first. */
  readonly facts?: readonly DialogFact[];
  /** What will happen and what will not, in a sentence or two. */
  readonly text?: string;
  /** Commands or facts worth seeing before confirming, one per line. */
  readonly lines?: readonly string[];
  readonly fields: readonly DialogField[];
  /** Exact words again: it is the button that acts. */
  readonly confirm: string;
  readonly isDanger?: boolean;
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<void> | void;
};

/** The first reason not to send yet, or null. */
export function missingIn(
  fields: readonly DialogField[],
  values: Readonly<Record<string, string>>,
): string | null {
  for (const field of fields) {
    const value = (values[field.name] ?? '').trim();
    if (field.kind === 'choice' || field.kind === 'checks') {
      continue;
    }
    if (field.mustEqual !== undefined && value !== field.mustEqual) {
      return `Type ${field.mustEqual} exactly.`;
    }
    if (value === '' && field.isOptional !== true) {
      return `${field.label} is needed: it goes into the journal.`;
    }
  }
  return null;
}

export function initialOf(field: DialogField): string {
  return field.initial ?? '';
}
