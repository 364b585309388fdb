import { workScript } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import { historySql } from './migration-history.js';
import type { MigrationHistory } from './migration-history.js';
import { quoteName, quoteTable, quoteText, tableOf } from './names.js';

export type MigrateWork = {
  readonly history: MigrationHistory;
  readonly lockSeconds: number;
  /** The way back, and the history as its list of contents names it: `schema table`. */
  readonly fresh: string;
  readonly listedAs: string;
};

export type DownMigrations = {
  readonly downs: readonly {
    readonly version: string;
    readonly path: string;
    readonly sha256: string;
    readonly inTransaction: boolean;
  }[];
  readonly history: readonly string[];
};

/**
 * One file after the other, each with its line of the history in one transaction. A transaction that is another one at the
 * end than at the beginning was ended by the file itself, whatever had been read in it.
 */
export function migrateScript(work: MigrateWork, { downs, history }: DownMigrations): string {
  const gone = downs.map(({ version }) => version);
  const table = quoteTable(tableOf(work.history.table));
  const column = quoteName(work.history.column);
  const values = {
    locks: String(Math.ceil(work.lockSeconds)),
    expected: history.filter((version) => !gone.includes(version)).join('\n'),
    fresh: work.fresh,
    listed_as: work.listedAs,
    versions_sql: historySql(work.history),
  };
  const steps = downs.map(
    ({ version, path, sha256, inTransaction }) => `file=${shellQuote(path)}
version=${shellQuote(version)}
there_sql=${shellQuote(`exists(select from ${table} where ${column}::text = ${quoteText(version)})`)}
delete_sql=${shellQuote(`delete from ${table} where ${column}::text = ${quoteText(version)};`)}
${inTransaction ? one(sha256) : alone(sha256)}`,
  );
  return workScript(values, `${head}${holdsHistory}${steps.join('')}${tail}`);
}

/**
 * - `is_there`: 0 where the version stands in the history, 1 where it does not, 2 where the server gave no answer, so that nothing
 *   may be claimed; `$lg_why` says why then;
 * - `is_there_now`: likewise after a psql that failed. What it left on the server may still be committed, and until then the
 *   version stands in the history: it is ended first, and while it writes there is no answer;
 * - `is_to_do`: as `is_there`, and ends the script where that is not known.
 */
const head = `progress() { tee "$work/words"; }
work=$(mktemp -d) || fail "no temporary folder can be made"
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
done_before=
begin() {
  [ "$(sum_of "$file")" = "$1" ] || fail "$file was changed since it was looked at; nothing more was done\${done_before}"
  printf 'taking back %s by %s\\n' "$version" "$file" >&2
}
is_there() {
  same_server "$there_sql" || return 2
  case $lg_answer in t) return 0 ;; f) return 1 ;; esac
  lg_why='the database does not say whether it stands in the history'
  return 2
}
writing="exists(select from pg_stat_activity where application_name = '$PGAPPNAME' and datname = current_database() and backend_xid is not null)"
is_there_now() {
  end_leftovers || return 2
  same_server "$writing" || return 2
  [ "$lg_answer" = f ] || { lg_why='its session still works on the server'; return 2; }
  is_there
}
known() { printf '%s' "\${done_before:-; before it none was taken back}. Look before you go on"; }
is_to_do() {
  is_there
  case $? in 0) return 0 ;; 1) return 1 ;; esac
  fail "$version: $lg_why, so nobody knows whether it is taken back$(known)"
}
why() {
  words=$held
  [ -n "$words" ] || words=$(grep -E 'ERROR|FATAL' "$work/words" | head -n 1 | sed 's/^psql:[^ ]* //')
  printf '%s\\n' "\${words:-psql ended before the server had answered}"
}
settle_one() {
  is_there_now
  case $? in
    0) fail "$version: $(why). Nothing of it was kept$done_before" ;;
    1) printf '%s: %s, but the server says that it is taken back\\n' "$version" "$(why)" >&2 ;;
    *) fail "$version: $(why). Then $lg_why, so nobody knows whether it is taken back$(known)" ;;
  esac
}
settle_alone() {
  is_there_now
  there=$?
  failed="$version ran outside of a transaction and failed: $(why)"
  case $there in
    0) fail "$failed. What stands before that in $file was kept; look at it before you go on$done_before" ;;
    1) fail "$failed. It is no longer in the history, but nobody knows whether all of $file was done; look at it before you go on$done_before" ;;
    *) fail "$failed. Then $lg_why, so nobody knows how much of $file was done$(known)" ;;
  esac
}
`;

/** A backup of some schemas may lack that of the history: then the tables would come back and their migrations stay unwritten. */
const holdsHistory = `if [ -f "$fresh" ] && listed=$("$pg_restore" -l "$fresh" 2>/dev/null) && ! printf '%s\\n' "$listed" | grep -qF -- " TABLE DATA $listed_as "; then
  fail "$fresh, the way back, does not hold the history ($listed_as): name its schema in the step that makes the backup, too. No migration was run"
fi
`;

const one = (sha256: string): string => `begin ${sha256}
if is_to_do; then
  {
    printf "set standard_conforming_strings = on;\\nbegin;\\nselect set_config('lastgood.transaction', txid_current()::text, false);\\n"
    cat -- "$file"
    printf "\\n;\\ndo \\$lastgood\\$ begin if pg_catalog.current_setting('lastgood.transaction') <> pg_catalog.txid_current()::text then raise exception 'the file ended the transaction by itself'; end if; end \\$lastgood\\$;\\n"
    printf '%s\\ncommit;\\n' "$delete_sql"
  } >"$work/$version.sql" || fail "the migration cannot be prepared; nothing more was done$done_before"
  patient "$locks" sql -f "$work/$version.sql" || settle_one
fi
done_before="; $version is taken back$done_before"
`;

const alone = (sha256: string): string => `begin ${sha256}
if is_to_do; then
  { printf 'set standard_conforming_strings = on;\\n'; cat -- "$file"; printf '\\n;\\n%s\\n' "$delete_sql"; } >"$work/$version.sql" || fail "the migration cannot be prepared; nothing more was done$done_before"
  patient "$locks" sql -f "$work/$version.sql" || settle_alone
fi
done_before="; $version is taken back$done_before"
`;

const tail = `after=$(ask "$versions_sql") || fail "the history cannot be read$done_before. Look before you go on"
[ "$after" = "$expected" ] || fail "the history is not what it should be: $(printf '%s' "$after" | tr '\\n' ' ')"
say "the history ends at $(printf '%s\\n' "$after" | tail -n 1)\${done_before}"
`;
