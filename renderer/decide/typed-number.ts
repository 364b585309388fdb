import type { Reading } from '../../shared/decision/evidence.js';

export type TypedNumber =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'not-a-number'; readonly why: string };

const MOST = 1_000_000;

/** Reads what an operator types for a percentage: `34`, `34,5`, `34.5 %`. */
export function parseTypedNumber(text: string): TypedNumber {
  const bare = text.replace(/%/g, '').replace(',', '.').trim();
  if (bare === '') {
    return { kind: 'nothing' };
  }
  if (!/^\d+(\.\d+)?$/.test(bare)) {
    return { kind: 'not-a-number', why: 'Type a number, such as 34 or 34.5.' };
  }
  const value = Number(bare);
  return value > MOST
    ? { kind: 'not-a-number', why: 'That is too large to be a percentage.' }
    : { kind: 'number', value };
}

export function typedReading(value: number, at: string): Reading {
  return { value, source: 'typed', detail: '', at };
}

/** Two decimals at most, so that 25.04 is not shown as 25 and called high. */
export function showNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}
