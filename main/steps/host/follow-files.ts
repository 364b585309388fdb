import { randomUUID } from 'node:crypto';
import type { HostPort, LogLine, RunAs } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { cutLine, mostLineCharacters } from './long-line.js';
import { scriptHead } from './look.js';

export type FollowedFile = { readonly path: string; readonly stream: LogLine['stream'] };

/** How far each file was read, and the beginning of a line whose end had not come; kept by the caller. */
export type FileCursors = Map<
  string,
  { inode: string; offset: number; rest: string; missing?: number }
>;

const FIRST_BYTES = 8_192;
const CHUNK_BYTES = 65_536;

/**
 * Follows log files by byte offset. The host says after each piece how far it got; lines count only once that word has
 * come, so that a line that dropped in between loses and doubles nothing. A file that was rotated or cut is begun anew.
 */
export async function followFiles(
  port: HostPort,
  { files, as, now }: { files: readonly FollowedFile[]; as: RunAs; now: () => string },
  cursors: FileCursors,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const held: string[] = [];
  // A log may hold anything; what it cannot hold is a word that was made up just now.
  const token = `mark-${randomUUID()}`;
  await port.follow(
    { text: scriptHead + followScript(files, cursors, token), as },
    (text, stream) => {
      if (stream !== 'stdout') {
        return;
      }
      const mark = markOf(text, token);
      if (mark === null) {
        held.push(text);
        return;
      }
      const file = files[mark.index];
      const pieces = held.splice(0);
      if (file !== undefined) {
        const before = cursors.get(file.path);
        const isSame = before?.inode === mark.inode && !mark.isAnew;
        const lines = [(isSame ? before.rest : '') + (pieces[0] ?? ''), ...pieces.slice(1)];
        let missing = isSame ? (before.missing ?? 0) : 0;
        const rest = lines.pop() ?? '';
        for (const line of lines) {
          onLine({
            at: now(),
            stream: file.stream,
            text: cutLine(line.replace(/\r$/, ''), missing),
          });
          missing = 0;
        }
        // Of a line without an end only the beginning is kept, and how much is left out.
        missing += Math.max(0, rest.length - mostLineCharacters);
        cursors.set(file.path, { ...mark, rest: rest.slice(0, mostLineCharacters), missing });
      }
    },
    signal,
  );
}

/**
 * Prints a piece of a file, a line end, and a mark with the file's number, inode and offset. So the last thing before a
 * mark is what stood after the file's last line end: nothing, or the beginning of a line.
 */
export function followScript(
  files: readonly FollowedFile[],
  cursors: FileCursors,
  token: string,
): string {
  const starts = files.map(({ path }, index) => {
    const cursor = cursors.get(path);
    const inode = cursor?.inode ?? '';
    const offset = cursor === undefined ? '' : String(cursor.offset);
    return `path_${String(index)}=${shellQuote(path)} inode_${String(index)}=${shellQuote(inode)} offset_${String(index)}=${shellQuote(offset)}`;
  });
  const turns = files.map((_file, index) => {
    const n = String(index);
    return `  piece ${n} "$path_${n}" "$inode_${n}" "$offset_${n}"; inode_${n}=$inode offset_${n}=$offset`;
  });
  return `${starts.join('\n')}
had=
piece() {
  inode=$3
  offset=$4
  now=$(stat -L -c '%i %s' -- "$2" 2>/dev/null) || return 0
  size=\${now#* }
  anew=
  if [ -z "$offset" ]; then
    offset=$((size > ${String(FIRST_BYTES)} ? size - ${String(FIRST_BYTES)} : 0))
    anew=first
  elif [ "\${now% *}" != "$inode" ] || [ "$size" -lt "$offset" ]; then
    offset=0
    anew=anew
  fi
  inode=\${now% *}
  [ "$size" -gt "$offset" ] || [ -n "$anew" ] || return 0
  length=$((size - offset > ${String(CHUNK_BYTES)} ? ${String(CHUNK_BYTES)} : size - offset))
  tail -c "+$((offset + 1))" -- "$2" | head -c "$length"
  offset=$((offset + length))
  printf '\\n'
  printf '%s %s %s %s %s\\n' ${token} "$1" "$inode" "$offset" "$anew"
  had=1
}
while :; do
  had=
${turns.join('\n')}
  [ -n "$had" ] || sleep 0.3 2>/dev/null || sleep 1
done
`;
}

function markOf(line: string, token: string) {
  // Followed lines come with control characters made visible, so a mark holds none.
  const [kind, index, inode, offset, anew] = line.split(' ');
  if (kind !== token || inode === undefined || offset === undefined) {
    return null;
  }
  return { index: Number(index), inode, offset: Number(offset), isAnew: anew !== '' };
}
