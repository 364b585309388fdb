import type { HostPort, ToolPlace } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import { countDumpRows } from './copy-rows.js';

type Counted = { readonly rows: ReadonlyMap<string, number>; readonly dumpAt: string };

/** What a file holds stays what it holds: counted once for as long as its number, size and date are the same. */
const counted = new WeakMap<HostPort, Map<string, Counted>>();

/** Rows by `schema.table`, and the date of the file. HOST_LOOK_FAILED where the dump was not read to its end. */
export async function rowsOfDump(
  place: ToolPlace,
  dump: string,
  signal: AbortSignal,
): Promise<Counted> {
  const { host, as } = place;
  const text = `file=${shellQuote(dump)}
[ -f "$file" ] || fail "there is no backup at $file"
printf '%s %s\\n' "$(ls -ldi -- "$file")" "$(date -u -r "$file" +%Y-%m-%dT%H:%M:%SZ)"
`;
  const seen = (await look(host, { text, as, what: `Looking for ${dump}` }, signal)).trim();
  const known = counted.get(host) ?? new Map<string, Counted>();
  counted.set(host, known);
  const before = known.get(seen);
  if (before !== undefined) {
    return before;
  }
  const rows = await countDumpRows(place, dump, signal);
  const found = { rows, dumpAt: seen.split(' ').at(-1) ?? '' };
  known.set(seen, found);
  return found;
}
