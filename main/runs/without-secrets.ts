import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';

/**
 * What an operator writes down in a hurry may hold a password. It is taken out of every text before it is recorded: a
 * journal cannot be cleaned later without breaking its chain, and it goes to other consoles as it is. What was copied
 * and sent is not changed by it.
 */
export function withoutSecrets<T>(
  schema: z.ZodType<T>,
  said: T,
  redact: (text: string) => string,
): T {
  const clean = schema.safeParse(inEveryText(said, redact));
  if (clean.success) {
    return clean.data;
  }
  // Recorded all the same, it would be a record that nobody can read again.
  const fields = [...new Set(clean.error.issues.map(({ path }) => path.map(String).join('.')))];
  throw new AppError(
    'RUN_COMMAND_REFUSED',
    `With the secrets taken out, this cannot be recorded (${fields.join(', ')}). Write less, and no secrets.`,
  );
}

function inEveryText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((each) => inEveryText(each, change));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, inEveryText(each, change)]),
      )
    : value;
}
