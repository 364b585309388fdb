import { shellQuote } from '../shell-quote.js';

/** A folder of the script's own, `work`, which goes with it. */
const ownFolder = `work=$(mktemp -d) || fail "no temporary folder can be made"
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
`;

/**
 * Shell: ends where the file that `dump` names is not one in the custom format. Leaves `toc`, a file with its list of contents, and
 * of what stands at the head of that `dump_of` (its database), `dump_made` and `dump_version` (of its server). What the file begins
 * with is looked at only where pg_restore does not take it.
 */
const tocOfDump = `for one in awk sed grep sort comm head tail mktemp; do
  command -v "$one" >/dev/null 2>&1 || fail "there is no $one where $dump lies, and without it nothing can be read; the database was not touched"
done
[ -e "$dump" ] || fail "there is no backup at $dump; the database was not touched"
[ -f "$dump" ] || fail "$dump is not a file: one file in the custom format is needed (pg_dump -Fc); the database was not touched"
[ -r "$dump" ] || fail "$dump cannot be read by $(id -un); the database was not touched"
[ -s "$dump" ] || fail "$dump is empty; the database was not touched"
no_custom() {
  if head -c 4096 -- "$dump" | LC_ALL=C grep -qaE '^(--|SET |CREATE |\\\\\\\\)'; then
    fail "$dump is plain SQL. psql would run whatever commands are written in it, on the machine it runs on, so it is not taken; make one with pg_dump -Fc. The database was not touched"
  fi
  fail "$dump is no dump in the custom format (pg_dump -Fc); the database was not touched"
}
toc=$work/toc
wait "$listing" || {
  why=$(cat -- "$work/toc.said" 2>/dev/null)
  case $(head -c 5 -- "$dump" | tr -d '\\000') in PGDMP) ;; *) no_custom ;; esac
  # The list of contents of a folder of files begins as one file does.
  case $why in *'expected format'*) no_custom ;; esac
  fail "$dump cannot be read: $(printf '%s' "\${why:-its list of contents cannot be written to $work}" | tail -n 1). The database was not touched"
}
dump_of= dump_made= dump_format= dump_version=
while IFS= read -r line; do
  case $line in ';'*) line=\${line#;} ;; *) break ;; esac
  line=\${line#"\${line%%[! ]*}"}
  case $line in
    'Archive created at '*) dump_made=\${line#Archive created at } ;;
    'dbname: '*) dump_of=\${line#dbname: } ;;
    'Format: '*) dump_format=\${line#Format: } ;;
    'Dumped from database version: '*) dump_version=\${line#Dumped from database version: } ;;
  esac
done <"$toc"
[ "$dump_format" = CUSTOM ] || no_custom
[ -n "$dump_version" ] || fail "$dump has no list of contents; the database was not touched"
`;

/**
 * Of a file only: a pipe would be waited for by nobody. `dump` is one word of the shell. It says nothing by itself: where the
 * script has ended before it began, and its folder is gone, the last word is the script's.
 */
const beginListing = (dump: string): string =>
  `${ownFolder}{ [ -f ${dump} ] && "$pg_restore" -l ${dump} >"$work/toc" 2>"$work/toc.said"; } 2>/dev/null &
listing=$!
`;

export const readToc = beginListing('"$dump"') + tocOfDump;

const beginReading = (dump: string): string =>
  `${beginListing(dump)}{ [ -f ${dump} ] && sum_of ${dump} >"$work/sum"; } 2>/dev/null &
summing=$!
`;

/** For `toolHead`: begins what `checkDump` reads of the file, so that it is read while the server is still asked who it is. */
export const readMeanwhile = (dump: string): string => beginReading(shellQuote(dump));

/**
 * Shell for what must be true of a dump before it is used. Wants `dump` (its path), `want_sum` (a checksum that is known
 * from elsewhere, or nothing), `from` (the database it was taken from, or nothing for this one), and ends the script where
 * something is wrong. Leaves what `readToc` does, and `dump_started`, noted when it was made. The checksum is made meanwhile,
 * begun here where `readMeanwhile` has not: nothing is changed before `prove_sum`, which waits for it, and leaves `dump_sum`.
 */
export const checkDump = `noted_sum= dump_identity= dump_started=
if [ -f "$dump.lastgood" ] && [ -r "$dump.lastgood" ]; then
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      sha256=*) noted_sum=\${noted_sum:-\${line#sha256=}} ;;
      identity=*) dump_identity=\${dump_identity:-\${line#identity=}} ;;
      started=*) dump_started=\${dump_started:-\${line#started=}} ;;
    esac
  done <"$dump.lastgood"
fi
if [ -z "$summing" ]; then
${beginReading('"$dump"')}fi
${tocOfDump}dump_sum=
prove_sum() {
  [ -z "$dump_sum" ] || return 0
  wait "$summing"
  IFS= read -r dump_sum <"$work/sum"
  [ "\${#dump_sum}" = 64 ] || fail "the checksum of $dump cannot be made; the database was not touched"
  [ -n "$want_sum" ] || want_sum=$noted_sum
  [ "\${want_sum:-$dump_sum}" = "$dump_sum" ] ||
    fail "$dump was changed since it was made: its SHA-256 is $dump_sum and not $want_sum. The database was not touched"
}
[ -n "$server_about" ] || fail "the database does not answer; it was not touched"
here=\${server_about#* }
server_major=$((\${server_about%% *} / 10000))
[ "\${dump_version%%[!0-9]*}" -le "$server_major" ] ||
  fail "$dump comes from PostgreSQL $dump_version, newer than this server ($server_major); the database was not touched"
[ "$dump_of" = "\${from:-$here}" ] ||
  fail "$dump is of the database $dump_of, not of \${from:-$here}; the database was not touched"
if [ -n "$dump_identity" ] && [ -z "$from" ]; then
  here_identity=\${lg_server:-$(ask "select system_identifier from pg_control_system()" 2>/dev/null)}
  [ -z "$here_identity" ] || [ "$dump_identity" = "$here_identity" ] ||
    fail "$dump is of a database of that name on another server ($dump_identity, not $here_identity); the database was not touched"
fi
`;

/** Reads the dump to its end, which its list of contents does not prove: that stands at its beginning. */
export const readDump = `why=$("$pg_restore" -f /dev/null "$dump" 2>&1) || fail "$dump cannot be read to its end: $(printf '%s' "$why" | tail -n 1). The database was not touched"
`;
