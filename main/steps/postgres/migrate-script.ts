import { workScript } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import { quoteText } from './names.js';

export type MigrateWork = {
  /** Quoted. */
  readonly history: string;
  readonly column: string;
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
  const values = {
    locks: String(Math.ceil(work.lockSeconds)),
    expected: history.filter((version) => !gone.includes(version)).join('\n'),
    fresh: work.fresh,
    listed_as: work.listedAs,
    versions_sql: `select ${work.column}::text from ${work.history} order by ${work.column}`,
  };
  const steps = downs.map(
    ({ version, path, sha256, inTransaction }) => `file=${shellQuote(path)}
version=${shellQuote(version)}
delete_sql=${shellQuote(`delete from ${work.history} where ${work.column}::text = ${quoteText(version)};`)}
${inTransaction ? one(sha256) : alone(sha256)}`,
  );
  return workScript(values, `${head}${holdsHistory}${steps.join('')}${tail}`);
}

const head = `progress() { tee "$work/words"; }
work=$(mktemp -d) || fail "no temporary folder can be made"
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
done_before=
begin() {
  [ "$(sum_of "$file")" = "$1" ] || fail "$file was changed since it was looked at; nothing more was done\${done_before}"
  printf 'taking back %s by %s\\n' "$version" "$file" >&2
}
is_there() { ask "$versions_sql" | grep -qxF -- "$version"; }
why() { if [ -n "$held" ]; then printf '%s\\n' "$held"; else grep -E 'ERROR|FATAL' "$work/words" | head -n 1 | sed 's/^psql:[^ ]* //'; fi; }
`;

/** A backup of some schemas may lack that of the history: then the tables would come back and their migrations stay unwritten. */
const holdsHistory = `if [ -f "$fresh" ] && listed=$("$pg_restore" -l "$fresh" 2>/dev/null) && ! printf '%s\\n' "$listed" | grep -qF -- " TABLE DATA $listed_as "; then
  fail "$fresh, the way back, does not hold the history ($listed_as): name its schema in the step that makes the backup, too. No migration was run"
fi
`;

const one = (sha256: string): string => `begin ${sha256}
if is_there; then
  {
    printf "set standard_conforming_strings = on;\\nbegin;\\nselect set_config('lastgood.transaction', txid_current()::text, false);\\n"
    cat -- "$file"
    printf "\\n;\\ndo \\$lastgood\\$ begin if pg_catalog.current_setting('lastgood.transaction') <> pg_catalog.txid_current()::text then raise exception 'the file ended the transaction by itself'; end if; end \\$lastgood\\$;\\n"
    printf '%s\\ncommit;\\n' "$delete_sql"
  } >"$work/$version.sql" || fail "the migration cannot be prepared; nothing more was done$done_before"
  patient "$locks" sql -f "$work/$version.sql" || {
    if is_there; then fail "$version: $(why). Nothing of it was kept$done_before"; fi
    is_there; [ $? = 1 ] || fail "$version: the database does not say whether it was taken back. Look before you go on"
  }
fi
done_before="; $version is taken back$done_before"
`;

const alone = (sha256: string): string => `begin ${sha256}
if is_there; then
  { printf 'set standard_conforming_strings = on;\\n'; cat -- "$file"; printf '\\n;\\n%s\\n' "$delete_sql"; } >"$work/$version.sql" || fail "the migration cannot be prepared; nothing more was done$done_before"
  patient "$locks" sql -f "$work/$version.sql" ||
    fail "$version ran outside of a transaction and failed: $(why). What stands before that in $file was kept; look at it before you go on$done_before"
fi
done_before="; $version is taken back$done_before"
`;

const tail = `after=$(ask "$versions_sql") || fail "the history cannot be read$done_before"
[ "$after" = "$expected" ] || fail "the history is not what it should be: $(printf '%s' "$after" | tr '\\n' ' ')"
say "the history ends at $(printf '%s\\n' "$after" | tail -n 1)\${done_before}"
`;
