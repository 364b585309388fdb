import { z } from 'zod';
import { EngineError } from './engine-error.js';

/** Both forms clients use: `{"name":["web"]}` and the older `{"name":{"web":true}}`. */
const Filters = z.record(
  z.string(),
  z.union([z.array(z.string()), z.record(z.string(), z.boolean())]),
);

export type FilterMap = ReadonlyMap<string, readonly string[]>;

/** Fails with 400 for what is not a filter, or a filter that is not among `allowed`. */
export function parseFilters(raw: string | null, allowed: readonly string[]): FilterMap {
  if (raw === null || raw === '') {
    return new Map();
  }
  const parsed = Filters.safeParse(toJson(raw));
  if (!parsed.success) {
    throw new EngineError(400, 'invalid filter');
  }
  const entries = Object.entries(parsed.data).map(
    ([name, values]) => [name, Array.isArray(values) ? values : Object.keys(values)] as const,
  );
  const unknown = entries.find(([name]) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw new EngineError(400, `invalid filter '${unknown[0]}'`);
  }
  return new Map(entries);
}

/** True when nothing is asked, or when one of the values asked for fits. */
export function passes(
  filters: FilterMap,
  name: string,
  fits: (value: string) => boolean,
): boolean {
  const values = filters.get(name) ?? [];
  return values.length === 0 || values.some(fits);
}

/** Every label asked for must be there: `name` or `name=value`. */
export function passesLabels(
  filters: FilterMap,
  labels: Readonly<Record<string, string>> | null | undefined,
): boolean {
  return (filters.get('label') ?? []).every((wanted) => {
    const [name = '', ...value] = wanted.split('=');
    const held = labels?.[name];
    return held !== undefined && (value.length === 0 || held === value.join('='));
  });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
