import type { ToolPlace } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';

/** How our own sessions call themselves on the server: `lastgood restore`. */
export const sessionName = (kind: string): string => `lastgood ${kind.replace('postgres.', '')}`;

/** Seconds between two looks at who is in the way; the longer nobody was, the rarer: each look takes the server a session. */
const lookSeconds = { atFirst: 2, atMost: 10 };

/**
 * The beginning of each script: how the database is reached, the programs, and
 * - `sql COMMAND…`: psql with nothing of the account's own settings, ending at the first error;
 * - `told PROGRAM…`: runs it with its words going through `progress`; its exit code;
 * - `tell_tables PATTERN`: `progress` for the words of pg_dump and pg_restore: what stands behind PATTERN is the next of `$total`
 *   tables. Each line is told when it comes; an awk may wait until it has read many;
 * - `sum_of FILE`: its SHA-256, by openssl where it is there, which is several times as fast;
 * - `patient SECONDS PROGRAM…`: as `told`, and says who keeps it waiting; ends it when it has waited for locks for so long, which
 *   `$held` says then. It may have got them in that very moment: what became of it the server knows. Wants `work`, a folder;
 * - `$server_about`: `150018 app`, the server's version and the name of the database.
 *
 * `meanwhile` is shell that begins what can be done while the server is still asked who it is.
 */
export function toolHead(place: ToolPlace, kind: string, meanwhile: string): string {
  const { programs, connection } = place;
  return `${connection.environment()}PGAPPNAME=${shellQuote(sessionName(kind))}
export PGAPPNAME
pg_dump=${shellQuote(programs.pg_dump.path)}
pg_restore=${shellQuote(programs.pg_restore.path)}
psql=${shellQuote(programs.psql.path)}
${functions}${meanwhile}${connection.sameServer}${leftovers}`;
}

const functions = `umask 077
summing=
sql() { "$psql" -X -q -A -t -w -v ON_ERROR_STOP=1 "$@"; }
ask() { sql -c "$1"; }
progress() { cat; }
told() {
  { told_code=$( { { "$@" 2>&1 4>&-; echo $? >&4; } | progress >&3 2>&3; } 4>&1 ); } 3>&2
  return "\${told_code:-1}"
}
waiting_for="select format('%s|%s (%s)', h.pid, coalesce(nullif(h.application_name, ''), 'a session'), concat_ws(', ', h.usename, h.state, 'since ' || to_char(coalesce(h.xact_start, h.backend_start), 'HH24:MI:SS')))
  from pg_stat_activity w cross join lateral unnest(pg_blocking_pids(w.pid)) b(pid) join pg_stat_activity h on h.pid = b.pid
  where w.application_name = '$PGAPPNAME' and w.datname = current_database() and h.pid <> w.pid limit 5"
see_blocked() {
  waited=0 pause=${lookSeconds.atFirst}
  while sleep "$pause" 2>/dev/null; do
    rows=$(PGAPPNAME='lastgood look' ask "$waiting_for" 2>/dev/null) || continue
    if [ -z "$rows" ]; then
      waited=0 pause=$((pause * 2))
      [ "$pause" -le ${lookSeconds.atMost} ] || pause=${lookSeconds.atMost}
      continue
    fi
    pause=${lookSeconds.atFirst}
    waited=$((waited + pause))
    printf '%s\\n' "$rows" | while IFS='|' read -r pid who; do printf 'waiting for session %s: %s\\n' "$pid" "$who"; done >&2
    [ "$waited" -ge "$2" ] || continue
    printf 'it has waited for locks for %s s and is ended\\n' "$waited" >&2
    true >"$3"
    PGAPPNAME='lastgood look' ask "select pg_terminate_backend(pid) from pg_stat_activity where application_name = '$PGAPPNAME' and datname = current_database()" >/dev/null 2>&1
    return
  done
}
patient() {
  limit=$1
  shift
  gave_up=$work/gave-up held=
  [ ! -e "$gave_up" ] || rm -f "$gave_up"
  see_blocked 0 "$limit" "$gave_up" </dev/null >/dev/null &
  watcher=$!
  told "$@"
  code=$?
  kill "$watcher" 2>/dev/null
  wait "$watcher" 2>/dev/null
  if [ "$code" != 0 ] && [ -e "$gave_up" ]; then
    held="other sessions held locks for longer than $limit s"
  fi
  return "$code"
}
tell_tables() {
  number=0
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      $1*) number=$((number + 1))
        name=\${line##$1}
        name=\${name#\\"}
        printf 'table %s of %s: %s\\n' "$number" "$total" "\${name%\\"}" ;;
      *'creating INDEX '* | *'creating CONSTRAINT '* | *'creating FK CONSTRAINT '*) printf '%s\\n' "\${line#pg_restore: }" ;;
      *error:* | *warning:* | *detail:* | *hint:* | *DETAIL:* | *HINT:*) printf '%s\\n' "$line" ;;
    esac
  done
}
sum_of() {
  sum_line=$(openssl dgst -sha256 -r <"$1" 2>/dev/null) && sum_line=\${sum_line%% *} || sum_line=
  case $sum_line in *[!0-9a-f]*) sum_line= ;; esac
  if [ "\${#sum_line}" = 64 ]; then printf '%s\\n' "$sum_line"
  elif command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1" | cut -d ' ' -f 1
  else shasum -a 256 <"$1" | cut -d ' ' -f 1; fi
}
size_of() { wc -c <"$1" | tr -d ' '; }
connection_of() {
  case $1 in
    *[\\'\\\\]*) printf "dbname='%s'" "$(printf '%s' "$1" | sed "s/['\\\\]/\\\\&/g")" ;;
    *) printf "dbname='%s'" "$1" ;;
  esac
}
words_of_size() { awk -v bytes="$1" 'BEGIN { split("B kB MB GB TB", unit, " "); n = 1; while (bytes >= 1000 && n < 5) { bytes /= 1000; n++ } printf (n == 1 ? "%d %s" : "%.1f %s"), bytes, unit[n] }'; }
`;

/**
 * What an earlier try left on the server still holds locks, though nobody listens to it any more: it is ended first. The same
 * session says which server and database this is.
 */
const leftovers = `end_leftovers() {
  same_server "select count(pg_terminate_backend(pid)) || ' ' || current_setting('server_version_num') || ' ' || current_database() from pg_stat_activity where application_name = '$PGAPPNAME' and datname = current_database() and usename = current_user and pid <> pg_backend_pid()" || return
  ended=\${lg_answer%% *}
  server_about=\${lg_answer#* }
  [ "\${ended:-0}" != 0 ] || return 0
  turns=25
  while [ "$turns" -gt 0 ] && [ "$(ask "select count(*) from pg_stat_activity where application_name = '$PGAPPNAME' and datname = current_database() and pid <> pg_backend_pid()")" != 0 ]; do
    turns=$((turns - 1))
    sleep 0.2 2>/dev/null || sleep 1
  done
}
end_leftovers || fail "$lg_why"
`;
