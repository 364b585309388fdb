import { useRef, useState } from 'react';
import { toErrorJson } from '../../../shared/errors/app-error.js';
import type { ErrorJson } from '../../../shared/errors/app-error.js';
import { initialOf, missingIn } from './dialog-spec.js';
import type { DialogSpec } from './dialog-spec.js';

type Values = Readonly<Record<string, string>>;

export type Answering = {
  readonly values: Values;
  readonly change: (name: string, value: string) => void;
  /** What is still missing, said after the first try. */
  readonly said: string | null;
  readonly error: ErrorJson | null;
  readonly isSending: boolean;
  readonly confirm: () => Promise<void>;
};

/** What is typed into a dialog, kept until it has been taken. */
export function useAnswer(dialog: DialogSpec, onDone: () => void): Answering {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(dialog.fields.map((field) => [field.name, initialOf(field)])),
  );
  const [said, setSaid] = useState<string | null>(null);
  const [error, setError] = useState<ErrorJson | null>(null);
  const [isSending, setIsSending] = useState(false);
  // State is too late for two presses in one frame.
  const isSent = useRef(false);
  return {
    values,
    said,
    error,
    isSending,
    change(name, value) {
      setValues((now) => ({ ...now, [name]: value }));
      setSaid(null);
    },
    async confirm() {
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
        onDone();
      } catch (thrown) {
        setError(toErrorJson(thrown));
      } finally {
        isSent.current = false;
        setIsSending(false);
      }
    },
  };
}
