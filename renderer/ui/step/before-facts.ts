import type { Json } from '../../../shared/json.js';

const SHOWN_FACTS = 8;
const SHOWN_CHARACTERS = 90;

/** What was there before the change, as "name: value" pairs that can be read at a glance. Empty when nothing is on record. */
export function beforeFacts(before: Json): readonly string[] {
  if (before === null || typeof before !== 'object') {
    return before === null ? [] : [shortened(String(before))];
  }
  return flat(before, '').slice(0, SHOWN_FACTS);
}

function flat(value: Json, path: string): readonly string[] {
  if (value === null || typeof value !== 'object') {
    return value === null || value === '' ? [] : [`${words(path)}: ${shortened(String(value))}`];
  }
  if (Array.isArray(value)) {
    const items = value.filter((item) => item !== null && typeof item !== 'object');
    return items.length === 0 ? [] : [`${words(path)}: ${shortened(items.join(', '))}`];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    flat(inner, path === '' ? name : `${path} ${name}`),
  );
}

/** `wasRunning` reads as "was running". */
function words(path: string): string {
  return path.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function shortened(text: string): string {
  const bare = text.replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, '$1');
  return bare.length > SHOWN_CHARACTERS ? `${bare.slice(0, SHOWN_CHARACTERS)}…` : bare;
}
