import { AppError } from '../../../shared/errors/app-error.js';
import type { ToolPlace } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';

/**
 * Awk that counts the rows of each COPY block. In that format a line break within a value is written `\n`, so a line is a row,
 * and a row that is `\.` is written `\\.`, so that line ends a block and nothing else does.
 */
const countBlocks = `!inside && /^COPY .* FROM stdin;$/ { inside = 1; rows = 0; head = $0; next }
inside && $0 == "\\\\." { inside = 0; printf "rows %d %s\\n", rows, head; next }
inside { rows++ }
END { if (inside) print "open" }`;

/** Reads every row of a dump once, on the place where it lies; the rows themselves never leave it. */
export function countScript(dump: string, pgRestore: string): string {
  return `LC_ALL=C
export LC_ALL
{ { ${shellQuote(pgRestore)} -a -f - ${shellQuote(dump)} || printf 'failed %s\\n' "$?" >&3; } |
  awk ${shellQuote(countBlocks)} >&3; } 3>&1
`;
}

/** Rows by `schema.table`. HOST_LOOK_FAILED where the dump was not read to its end. */
export async function countDumpRows(
  { host, as, programs }: ToolPlace,
  dump: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const text = countScript(dump, programs.pg_restore.path);
  const { stdout, stderr, exitCode, isCut } = await host.read({ text, as }, signal);
  const rows = exitCode === 0 && !isCut ? parseRowCounts(stdout) : null;
  if (rows === null) {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new AppError('HOST_LOOK_FAILED', `Counting the rows of ${dump}: ${said}.`);
  }
  return rows;
}

/** Null where the dump was not read to its end, because half a count is no count. */
export function parseRowCounts(text: string): ReadonlyMap<string, number> | null {
  const counts = new Map<string, number>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const found = /^rows (\d+) COPY (.*)$/.exec(line);
    const table = found === null ? null : copiedTable(found[2] ?? '');
    if (table === null) {
      return null;
    }
    counts.set(table, (counts.get(table) ?? 0) + Number(found?.[1]));
  }
  return counts;
}

/** `public."a b" (id) FROM stdin;` is `public.a b`. */
function copiedTable(text: string): string | null {
  const part = /(?:"((?:[^"]|"")*)"|([^\s".(]+))/y;
  const names: string[] = [];
  while (names.length < 2) {
    const found = part.exec(text);
    if (found === null) {
      return null;
    }
    names.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (names.length === 1 && text[part.lastIndex++] !== '.') {
      return null;
    }
  }
  return names.join('.');
}
