import { tableOf } from './names.js';

/**
 * Said wherever the history table is a Supabase-style one: that command is at hand there, sounds like a way back, and reports
 * success while every table stays as it is. Empty for other tables.
 */
export function repairWords(table: string): string {
  return tableOf(table).schema === 'supabase_migrations'
    ? `“supabase migration repair” only edits ${table} and changes no schema: it takes nothing back.`
    : '';
}
