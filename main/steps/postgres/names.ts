import { z } from 'zod';

/** As the environment names it. */
export const DatabaseName = z.string().min(1);

/** What the server has: any name that a person can read. */
export const ServerName = z
  .string()
  .min(1)
  .max(63)
  .refine((name) => !/\p{C}/u.test(name), 'a name without control characters');

export const SchemaName = ServerName;

/** `markets` or `public.markets`, as the server writes it, without quotes. */
export const TableName = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{N}_$-]{0,62}(\.[\p{L}_][\p{L}\p{N}_$-]{0,62})?$/u, 'schema.table');

export type Table = { readonly schema: string; readonly name: string };

/** A name without a schema is in `public`. */
export function tableOf(text: string): Table {
  const [first = '', second] = text.split('.');
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second };
}

export const nameOf = ({ schema, name }: Table): string => `${schema}.${name}`;

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quoteTable = ({ schema, name }: Table): string =>
  `${quoteName(schema)}.${quoteName(name)}`;

/** Right whatever `standard_conforming_strings` says. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}

export const textArray = (texts: readonly string[]): string =>
  `ARRAY[${texts.map(quoteText).join(', ')}]::text[]`;
