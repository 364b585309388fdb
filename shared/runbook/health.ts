import { z } from 'zod';
import type { Json } from '../json.js';
import type { HealthExpectation } from './schema.js';

export type HealthJudgement = {
  readonly isMet: boolean;
  /** What was seen, in one line: `503, status is "unhealthy"`. */
  readonly text: string;
  /** The fields worth reading, as they came. */
  readonly shown: Readonly<Record<string, Json>>;
};

const Body = z.record(z.string(), z.json());

/** Judges one answer of the health address. Every field the runbook names must be equal; others do not matter. */
export function meetsHealth(
  answer: { readonly status: number; readonly body: string },
  expected: HealthExpectation,
): HealthJudgement {
  const body = parseBody(answer.body);
  const shown = Object.fromEntries(
    expected.show.flatMap((field) => {
      const value = body?.[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const wrong: string[] = [];
  if (answer.status !== expected.status) {
    wrong.push(`${String(answer.status)} instead of ${String(expected.status)}`);
  }
  wrong.push(...wrongFields(body, expected.json));
  return wrong.length === 0
    ? { isMet: true, text: `${String(answer.status)}, as expected`, shown }
    : { isMet: false, text: wrong.join(', '), shown };
}

function wrongFields(
  body: Readonly<Record<string, Json>> | null,
  expected: HealthExpectation['json'],
): string[] {
  const fields = Object.entries(expected);
  if (body === null) {
    return fields.length === 0 ? [] : ['the answer is not a JSON object'];
  }
  return fields
    .filter(([field, value]) => !isSame(body[field], value))
    .map(([field, value]) => `${field} is ${said(body[field])} instead of ${said(value)}`);
}

function parseBody(text: string): Readonly<Record<string, Json>> | null {
  try {
    const parsed = Body.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function isSame(left: Json | undefined, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Foreign text, kept short. */
function said(value: Json | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);
}
