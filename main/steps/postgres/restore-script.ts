import { keptFolder, workScript } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import { checkDump } from './dump-script.js';
import { inTheWaySql, namesFunctions, routinesSql, typesSql } from './in-the-way.js';
import { statisticsFunctions } from './statistics-script.js';
import { transactionFunctions } from './transaction-script.js';
import { keptGrantsSql, keptPublicationsSql, putGrantsBackSql } from './keep-grants.js';
import { quoteText } from './names.js';

export type RestoreWork = {
  readonly dump: string;
  /** SHA-256 that the dump must have; null for the one that is noted beside it, if there is one. */
  readonly sha256: string | null;
  /** The database it was taken from; null where it must be this one. */
  readonly from: string | null;
  readonly schemas: readonly string[] | null;
  readonly lockSeconds: number;
  /** A file beside the fresh backup that stands there once everything is done, what follows the commit included. */
  readonly doneNote: string;
  /** Where the number of its transaction stands while and after it works; null where only the script itself will ask for it. */
  readonly transactionNote: string | null;
  /** Another dump: what it brought and this one does not know is taken away first. */
  readonly takeAway?: string;
};

/**
 * Everything of the dump in one transaction that ends at the first error. Where it ends without a word, the server is asked
 * whether it was committed: either every table of the dump is a new one, or none is.
 */
export function restoreScript(work: RestoreWork, database: string): string {
  const { dump, sha256, from, schemas, lockSeconds } = work;
  const values = {
    dump,
    want_sum: sha256 ?? '',
    from: from ?? '',
    schemas: (schemas ?? []).join('\n'),
    locks: String(Math.ceil(lockSeconds)),
    other: work.takeAway ?? '',
    grants: `grants-${database}`,
    done: work.doneNote,
    transaction: work.transactionNote ?? '',
  };
  const only = (schemas ?? []).map((schema) => `-n ${shellQuote(schema)} `).join('');
  return workScript(
    values,
    `${checkDump}${namesFunctions}${transactionFunctions}${marksFunction}${lookFirst}${statisticsFunctions}${finish}${restoreBody(only)}`,
  );
}

/** For what a person types. */
export function restoreWords(schemas: readonly string[] | undefined): readonly string[] {
  return [
    '-w',
    '--single-transaction',
    '--exit-on-error',
    '--clean',
    '--if-exists',
    '--no-subscriptions',
    ...(schemas ?? []).flatMap((schema) => ['-n', schema]),
  ];
}

const restoreBody = (only: string): string => `transaction=\${transaction:-$work/transaction}
names_of_dump
[ "$total" != 0 ] || fail "there are no tables in $dump\${schemas:+ for the schemas $(printf '%s' "$schemas" | tr '\\n' ' ')}; the database was not touched"
none_in_the_way() {
  [ -n "$in_the_way" ] || return 0
  printf '%s\\n' "$in_the_way" | sed 's/^/in the way: /' >&2
  fail "what was made since the backup stands in the way: $(printf '%s\\n' "$in_the_way" | head -n 3 | tr '\\n' ';') nothing was changed. Take it away first, or restore beside and swap"
}
${takeAway}${keptFolder}in_the_way=$(look_first)
must_have_schemas
[ -e "$work/there" ] || fail "what hangs on the tables cannot be seen; nothing was changed"
none_in_the_way
${leaveOut}marks_before=
[ ! -e "$work/marked" ] || IFS= read -r marks_before <"$work/marks" || marks_before=
[ -n "$marks_before" ] || fail "the tables cannot be seen; nothing was changed"
[ -s "$kept/$grants.sql" ] || { [ -e "$work/kept" ] && [ "$(tail -n 1 -- "$kept/$grants.next")" = '-- whole' ] && mv -f -- "$kept/$grants.next" "$kept/$grants.sql"; } ||
  fail "the grants cannot be kept; nothing was changed"
prove_sum
if [ -e "$done" ] || [ -L "$done" ] || [ -e "$transaction" ] || [ -L "$transaction" ]; then
  rm -f -- "$done" "$transaction" || fail "$done cannot be taken away; nothing was changed"
fi
progress() { tell_tables '*processing data for table ' | tee "$work/words"; }
finish_after_commit </dev/null >/dev/null &
finisher=$!
restored=0
patient "$locks" "$pg_restore" --single-transaction --exit-on-error --clean --if-exists --no-subscriptions --verbose -w ${only}-L "$work/list" -d "$(connection_of "$here")" "$dump" || restored=$?
if mkdir "$work/finishing" 2>/dev/null || [ ! -d "$work/finishing" ]; then kill "$finisher" 2>/dev/null; fi
wait "$finisher" 2>/dev/null
if [ "$restored" != 0 ]; then
  why=\${held:-$(grep 'error:' "$work/words" | head -n 1 | sed 's/^pg_restore: //')}
  settle_restore
  may_be_rough=false
fi
[ -e "$work/finished" ] || finish || fail "the data is restored, but grants and publications could not be put back; retry this step"
say "$total tables are as in $dump (taken $dump_started, PostgreSQL $dump_version)"
`;

const dropOthersSql = ` select format('drop routine if exists %s cascade;', r.oid::regprocedure) from (${routinesSql}) r
union all select format('drop type if exists %s cascade;', t.oid::regtype) from (${typesSql}) t`;

/**
 * For the way back of a restore: what only the other dump knows came from it, and hangs on what is made anew. It goes with what hangs
 * on it, so nothing may hang on it that neither dump knows: somebody made that since.
 */
const takeAway = `if [ -n "$other" ]; then
  [ -z "$schemas" ] || ask_about "$work/used" "$work/used" "$missing_sql" >"$work/missing"
  must_have_schemas
  prove_sum
  rm -f -- "$done" || fail "$done cannot be taken away; nothing was changed"
fi
if [ -n "$other" ] && "$pg_restore" -l "$other" >"$work/other" 2>/dev/null; then
  list_names "$work/other" "$work/brought." >/dev/null || fail "what is in $other cannot be listed; nothing was changed"
  grep -vxFf "$work/names" "$work/brought.names" >"$work/gone" || :
  grep -vxFf "$work/others" "$work/brought.others" >"$work/gone.others" || :
  if [ -s "$work/gone" ] || [ -s "$work/gone.others" ]; then
    cat -- "$work/names" "$work/brought.names" >"$work/known.names"
    cat -- "$work/others" "$work/brought.others" >"$work/known.others"
    in_the_way=$(ask_about "$work/known.names" "$work/known.others" ${shellQuote(inTheWaySql)}) ||
      fail "what hangs on what the restore had brought cannot be seen; nothing was changed"
    none_in_the_way
    ask_about "$work/gone" "$work/gone" " select format('drop %s if exists %I.%I cascade;', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, n.nspname, c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname || '.' || c.relname = any((select first from given)::text[]) and not exists (select 1 from pg_catalog.pg_depend d where d.objid = c.oid and d.classid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i', 'e'))" \\
      "$work/gone" "$work/gone.others" ${shellQuote(dropOthersSql)} >"$work/drop.sql" &&
      sql --single-transaction -f "$work/drop.sql" >&2 || fail "what the restore had brought cannot be taken away; nothing was changed"
  fi
fi
`;

/**
 * What is there already and is more than a table of the application: schemas with their grants and defaults, extensions,
 * publications and event triggers stay, and with them what others hang on them.
 */
const leaveOut = `[ -e "$work/marks" ] && awk -v there="$work/there" '
  BEGIN { while ((getline line < there) > 0) { have[line] = 1; last = line } if (last != "whole") exit 1 }
  /^;/ { next }
  {
    rest = $0
    sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", rest)
    if (match(rest, /^(COMMENT|ACL|SECURITY LABEL) - /)) { rest = substr(rest, RLENGTH + 1); about = 1 } else about = 0
    if (match(rest, /^(SCHEMA|EXTENSION|PUBLICATION|EVENT TRIGGER) /)) {
      kind = substr(rest, 1, RLENGTH - 1); name = substr(rest, RLENGTH + 1)
      sub(/^- /, "", name); sub(/ [^ ]*$/, "", name)
      if ((kind " " name) in have) next
    }
    if (rest ~ /^DEFAULT ACL /) { split(rest, part, " "); if (("SCHEMA " part[3]) in have) next }
    if (rest ~ /^PUBLICATION TABLE /) { split(rest, part, " "); if (("PUBLICATION " part[4]) in have) next }
    print
  }' "$toc" >"$work/list" || fail "what is in the database cannot be seen; nothing was changed"
`;

const thereSql = `select 'SCHEMA ' || nspname from pg_namespace union all select 'EXTENSION ' || extname from pg_extension union all select 'PUBLICATION ' || pubname from pg_publication union all select 'EVENT TRIGGER ' || evtname from pg_event_trigger`;

/**
 * What follows the commit: grants and publications as they were, the note that all is done, and statistics.
 * The server makes a commit seen and lets go of its locks before it takes the old files off its disk, which may take longer than
 * what follows: so it is done meanwhile, by whoever makes `finishing` first. Two must never do it at once, because the server
 * refuses one of two changes to the grants of one table. Begun early it is only where both witnesses say that it was committed.
 * Where nobody can make it, as on a full disk, nobody is waited for.
 */
const finish = `finish() {
  statistics_of_names >"$work/statistics"
  sql --single-transaction -f "$kept/$grants.sql" -f "$work/statistics" >"$work/analyse" || return
  [ -n "$other" ] || true >"$done" || printf '%s cannot be written: were this line lost, the end would not be known\\n' "$done" >&2
  make_statistics
}
finish_after_commit() {
  about "$work/tables" "$work/tables" "$marks_sql" >"$work/marks.sql"
  see_transaction "$transaction" 2>/dev/null && await_commit "$transaction" -f "$work/marks.sql" 2>/dev/null &&
    [ "\${asked:-$marks_before}" != "$marks_before" ] && mkdir "$work/finishing" 2>/dev/null && finish && true >"$work/finished"
}
`;

/**
 * Everything that must be known beforehand, asked in one session: what stands in the way is its answer, the rest stands in files.
 * Which of them are there tells how far it came, and their last lines that they are whole: psql does not say when a disk is full.
 * Grants are taken once: a second try must put back what stood there before the first.
 */
const lookFirst = `missing_sql=${shellQuote(` select string_agg(s, ', ' order by s) from unnest((select first from given)::text[]) s where not exists (select 1 from pg_catalog.pg_namespace where nspname = s)`)}
must_have_schemas() {
  missing=
  [ ! -e "$work/missing" ] || IFS= read -r missing <"$work/missing"
  [ -z "$missing" ] || fail "there is no schema $missing in the database; make it first. Nothing was changed"
}
look_first() {
  set -- : '\\cd :work
begin read only;'
  [ -z "$schemas" ] || set -- "$@" : '\\o missing' "$work/used" "$work/used" "$missing_sql" : '\\o'
  set -- "$@" "$work/names" "$work/others" ${shellQuote(inTheWaySql)} : ${shellQuote(`\\o there
${thereSql};
\\qecho whole
\\o marks`)} "$work/tables" "$work/tables" "$marks_sql" : '\\o marked'
  if [ ! -s "$kept/$grants.sql" ]; then
    if [ "$server_major" -ge 15 ]; then published=${shellQuote(` ${keptPublicationsSql.from15}`)}
    else published=${shellQuote(` ${keptPublicationsSql.before15}`)}; fi
    set -- "$@" : '\\o :next
\\qecho set check_function_bodies = off;' "$work/used" "$work/used" ${shellQuote(` ${keptGrantsSql}`)} : ${shellQuote(`select ${quoteText(putGrantsBackSql)};`)} "$work/used" "$work/used" "$published" : '\\qecho -- whole
\\o kept'
  fi
  about "$@" | sql -v work="$work" -v next="$kept/$grants.next" -f -
}
`;

/**
 * A server that starts again after a crash answers later: it is asked until it does, ten minutes at most. First what became of
 * the transaction, where its number is known; then whether tables were made anew. Where the two contradict each other, nobody knows.
 */
export const marksFunction = `marks_sql=" select coalesce(md5(string_agg(c.oid::text || ':' || c.relfilenode::text, ',' order by c.oid)), 'none') from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname || '.' || c.relname = any((select first from given)::text[]) and c.relkind in ('r', 'p')"
marks() { ask_about "$work/tables" "$work/tables" "$marks_sql"; }
settle_restore() {
  tries=120
  until [ "$tries" -eq 0 ] || ask 'select 1' >/dev/null 2>&1; do
    tries=$((tries - 1))
    printf 'the database does not answer; whether it was committed is asked as soon as it does\\n' >&2
    sleep 5
  done
  [ "$tries" -gt 0 ] || fail "the database does not answer, so nobody knows whether it was committed. Look before you go on"
  end_leftovers || fail "$lg_why, so nobody knows whether it was committed. Look before you go on"
  marks_after=$(marks) || fail "the database does not say whether it was committed. Look before you go on"
  transaction_id=
  transaction_status=
  [ -z "\${transaction:-}" ] || status_of "$transaction"
  unknown="The tables and transaction $transaction_id contradict each other, so nobody knows what happened. Look before you go on"
  if [ "$marks_after" = "$marks_before" ]; then
    case $transaction_status in
      committed | 'in progress') fail "the server calls the transaction $transaction_status, but every table is what it was. $unknown" ;;
      *) fail "\${why:-it ended without a word}; the server says that nothing was changed\${transaction_status:+: transaction $transaction_id was not committed}" ;;
    esac
  fi
  case $transaction_status in
    aborted | 'in progress') fail "the server calls the transaction $transaction_status, but tables were made anew. $unknown" ;;
  esac
  printf 'the line broke, but the server says that it was committed%s\\n' "\${transaction_status:+: transaction $transaction_id}" >&2
}
`;
