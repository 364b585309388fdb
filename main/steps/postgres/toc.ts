import type { ToolPlace } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import { readToc } from './dump-script.js';
import { nameOf } from './names.js';
import type { Table } from './names.js';

/** What a dump says of itself, from `pg_restore --list`. */
export type Contents = {
  /** The database it was taken from. */
  readonly database: string;
  readonly serverVersion: string;
  readonly tables: readonly Table[];
};

/**
 * Reads what `pg_restore --list` printed. Owners are the last word of a line and schemas the first after the kind, so a
 * table whose name holds a space is still read right.
 */
export function parseContents(text: string): Contents {
  const head = (title: string): string =>
    new RegExp(`^; *${title}: *(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const tables = text.split('\n').flatMap((line): Table[] => {
    const found = /^\d+; \d+ \d+ TABLE (?!DATA |ATTACH )(\S+) (.+) \S*$/.exec(line);
    return found === null ? [] : [{ schema: found[1] ?? '', name: found[2] ?? '' }];
  });
  return { database: head('dbname'), serverVersion: head('Dumped from database version'), tables };
}

/** HOST_LOOK_FAILED with pg_restore's own words where the file is no dump. */
export async function readContents(
  { host, as, programs }: ToolPlace,
  dump: string,
  signal: AbortSignal,
): Promise<Contents> {
  const text = `dump=${shellQuote(dump)}
pg_restore=${shellQuote(programs.pg_restore.path)}
${readToc}grep -E '^;|^[0-9]+; [0-9]+ [0-9]+ TABLE ' "$toc"
`;
  return parseContents(await look(host, { text, as, what: `Looking into ${dump}` }, signal));
}

export function inSchemas(
  tables: readonly Table[],
  schemas: readonly string[] | undefined,
): readonly Table[] {
  return schemas === undefined ? tables : tables.filter(({ schema }) => schemas.includes(schema));
}

export const namesOf = (tables: readonly Table[]): readonly string[] => tables.map(nameOf);
