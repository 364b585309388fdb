import { quoteName, quoteTable, tableOf } from './names.js';

/** Where the migrations that were made are written down: `schema.table` and its column, unquoted. */
export type MigrationHistory = { readonly table: string; readonly column: string };

/**
 * Every version as text, in the order of the column's own type: 9 before 10 where it is a number. `desc` may follow. The column is
 * called by its table, for without it the server takes a column called `version` for the text.
 */
export function historySql({ table, column }: MigrationHistory): string {
  const own = `h.${quoteName(column)}`;
  return `select ${own}::text as version from ${quoteTable(tableOf(table))} h order by ${own}`;
}

/**
 * Said wherever the history table is a Supabase-style one: that command is at hand there, sounds like a way back, and reports
 * success while every table stays as it is. Empty for other tables.
 */
export function repairWords(table: string): string {
  return tableOf(table).schema === 'supabase_migrations'
    ? `“supabase migration repair” only edits ${table} and changes no schema: it takes nothing back.`
    : '';
}
