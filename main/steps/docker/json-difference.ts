import type { Json } from '../../../shared/json.js';

export type JsonObject = { readonly [key: string]: Json };

/** Equal as the engine sees it: the order of keys does not matter, and absent, null and empty are the same. */
export function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return canonical(left) === canonical(right);
}

export function isEmpty(value: Json | undefined): boolean {
  return canonical(value) === 'null';
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function asTexts(value: Json | undefined): readonly string[] {
  return asList(value).filter((item) => typeof item === 'string');
}

export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Entries of `from` that `defaults` does not hold with the same value. */
export function withoutSame(from: JsonObject, defaults: JsonObject): JsonObject {
  const entries = Object.entries(from).filter(
    ([key, value]) => !(Object.hasOwn(defaults, key) && isSame(value, defaults[key])),
  );
  return Object.fromEntries(entries);
}

function canonical(value: Json | undefined): string {
  if (value === undefined || value === null || value === '') {
    return 'null';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'null' : `[${value.map(canonical).join(',')}]`;
  }
  if (typeof value === 'object') {
    const keys = Object.keys(value).sort();
    return keys.length === 0
      ? 'null'
      : `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
