import type { DatabasePort } from '../../connections/ports.js';
import { arrayOf } from './marks.js';
import { nameOf, tableOf } from './names.js';

export type TableReference = { readonly table: string; readonly refersTo: string };

/**
 * The chosen tables and every table that refers to them, directly or over others: none of these can keep its rows while
 * those it refers to are emptied. In the order of the alphabet.
 */
export function closureOf(
  chosen: readonly string[],
  references: readonly TableReference[],
): readonly string[] {
  const found = new Set(chosen);
  const open = [...chosen];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { table, refersTo } of references) {
      if (refersTo === next && !found.has(table)) {
        found.add(table);
        open.push(table);
      }
    }
  }
  return [...found].sort();
}

/** Why each table beyond the chosen ones is taken along: `prices → markets`. */
export function takenAlong(
  chosen: readonly string[],
  references: readonly TableReference[],
): readonly string[] {
  const closure = closureOf(chosen, references);
  return closure
    .filter((table) => !chosen.includes(table))
    .map((table) => {
      const to = references.find((one) => one.table === table && closure.includes(one.refersTo));
      return `${table} (refers to ${to?.refersTo ?? ''})`;
    });
}

export const wholeName = (text: string): string => nameOf(tableOf(text));

export async function readReferences(
  port: DatabasePort,
  signal: AbortSignal,
): Promise<readonly TableReference[]> {
  const rows = await port.read(
    `select distinct a.nspname || '.' || c.relname as "table", b.nspname || '.' || t.relname as "refersTo"
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace a on a.oid = c.relnamespace
join pg_catalog.pg_class t on t.oid = k.confrelid join pg_catalog.pg_namespace b on b.oid = t.relnamespace
where k.contype = 'f'`,
    [],
    signal,
  );
  return rows.map((row) => ({ table: row['table'] ?? '', refersTo: row['refersTo'] ?? '' }));
}

/** Those of the names that are no ordinary table here: what cannot be emptied and filled by itself. */
export async function missingTables(
  port: DatabasePort,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await port.read(
    `select name from unnest($1::text[]) as name
where not exists (select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname || '.' || c.relname = name and c.relkind = 'r')`,
    [arrayOf(names)],
    signal,
  );
  return rows.map(({ name }) => name ?? '');
}
