import { z } from 'zod';
import type { HostPort, LogLine } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { cutLine } from './long-line.js';
import { mostRights, scriptHead } from './look.js';

/** Where the journal was read to; kept by the caller, so that a new line to the host goes on right behind it. */
export type JournalCursor = { last: string | null };

const FIRST_LINES = 50;
const MOST_ASKS = 120;
/** Harmless work is mostly over in half a second: so long the host is asked more often. */
const SOON_ASKS = 20;
const SOON_PAUSE = 0.02;
const ASK_PAUSE = 0.05;
const PRIORITY_ERROR = 3;
const PRIORITY_NONE = 7;

const Entry = z.object({
  __CURSOR: z.string().min(1),
  __REALTIME_TIMESTAMP: z.string().regex(/^\d{1,17}$/),
  /** Bytes where it is no UTF-8, null where it was too long. */
  MESSAGE: z.union([z.string(), z.array(z.number())]).nullish(),
  PRIORITY: z.string().nullish(),
});

export type JournalEntry = { readonly cursor: string; readonly line: LogLine };

/**
 * Follows what systemd's journal holds of a unit, from the cursor on, so that nothing is lost or doubled over a line
 * that dropped. Resolves when the signal fires; rejects when the line breaks.
 */
export async function followJournal(
  port: HostPort,
  unit: string,
  cursor: JournalCursor,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
  scriptOf = journalScript,
): Promise<void> {
  const as = await mostRights(port, signal);
  const text = scriptHead + scriptOf(unit, cursor.last);
  await port.follow(
    { text, as },
    (line, stream) => {
      const entry = stream === 'stdout' ? (parseEntry(line) ?? brokenEntry(line)) : null;
      // The cursor moves with the line: both are had, or neither.
      if (entry !== null && entry.cursor !== cursor.last) {
        cursor.last = entry.cursor;
        onLine(entry.line);
      }
    },
    signal,
  );
}

export function journalScript(unit: string, after: string | null): string {
  return `${needsJournal}exec ${journalCommand(unit, shellQuote(startOf(after)))} --follow
`;
}

/**
 * Says what is there and what comes, and ends after a few seconds. systemd tells those who follow its journal of a new line
 * up to a quarter of a second late; who asks is told at once. The host asks itself again and again: over a far line a line
 * that comes while we ask anew would wait for us.
 */
export function askScript(unit: string, after: string | null): string {
  return `${needsJournal}asks=0 pause=${String(SOON_PAUSE)} from=${shellQuote(startOf(after))}
while [ "$asks" -lt ${String(MOST_ASKS)} ]; do
  [ "$asks" -eq 0 ] || sleep "$pause" 2>/dev/null || sleep 1
  asks=$((asks + 1))
  [ "$asks" -lt ${String(SOON_ASKS)} ] || pause=${String(ASK_PAUSE)}
  said=$(${journalCommand(unit, '"$from"')}) || fail 'journalctl failed'
  [ -n "$said" ] || continue
  printf '%s\\n' "$said"
  # In what somebody wrote the quotes would be escaped, and his whole text has no colon behind it. Older systemds put spaces.
  last=\${said##*'"__CURSOR":"'}
  [ "$last" != "$said" ] || last=\${said##*'"__CURSOR" : "'}
  from=--after-cursor=\${last%%'"'*}
done
`;
}

const needsJournal = `command -v journalctl >/dev/null 2>&1 || fail 'this host has no journal'
`;

const startOf = (after: string | null): string =>
  after === null ? `--lines=${String(FIRST_LINES)}` : `--after-cursor=${after}`;

/** `from` is one word of the shell. */
const journalCommand = (unit: string, from: string): string =>
  `journalctl --no-pager --quiet --all --output=json ${from} --unit=${shellQuote(unit)}`;

/** Null for what is no entry: a word of a login shell, a warning. */
export function parseEntry(line: string): JournalEntry | null {
  if (!line.startsWith('{')) {
    return null;
  }
  try {
    const entry = Entry.safeParse(JSON.parse(line));
    if (!entry.success) {
      return null;
    }
    const { __CURSOR: cursor, __REALTIME_TIMESTAMP: microseconds, MESSAGE, PRIORITY } = entry.data;
    const at = new Date(Number(microseconds) / 1_000).toISOString();
    const isError = Number(PRIORITY ?? PRIORITY_NONE) <= PRIORITY_ERROR;
    return {
      cursor,
      line: { at, stream: isError ? 'stderr' : 'stdout', text: textOf(MESSAGE) },
    };
  } catch {
    return null;
  }
}

/** Of an entry that is too long even to be read its place in the journal and its time are kept, and that it is missing is said. */
export function brokenEntry(line: string): JournalEntry | null {
  const cursor = /"__CURSOR"\s*:\s*"([^"]{1,500})"/u.exec(line)?.[1];
  const microseconds = /"__REALTIME_TIMESTAMP"\s*:\s*"(\d{1,17})"/u.exec(line)?.[1];
  if (!line.startsWith('{') || cursor === undefined || microseconds === undefined) {
    return null;
  }
  const at = new Date(Number(microseconds) / 1_000).toISOString();
  const text = `(a line of at least ${String(line.length)} characters, too long to be shown; journalctl on the host shows it)`;
  return { cursor, line: { at, stream: 'stdout', text } };
}

function textOf(message: string | number[] | null | undefined): string {
  if (message === null || message === undefined) {
    return '(a line that is too long for the journal to print)';
  }
  const text =
    typeof message === 'string' ? message : new TextDecoder().decode(Uint8Array.from(message));
  return cutLine(text.replace(/\n+$/, ''));
}
