import { workScript } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import { checkDump } from './dump-script.js';
import { namesFunctions } from './in-the-way.js';
import { marksFunction } from './restore-script.js';

export type TablesWork = {
  readonly dump: string;
  readonly sha256: string | null;
  readonly from: string | null;
  /** `schema.table`, closed under foreign keys that lead to them. */
  readonly tables: readonly string[];
  readonly lockSeconds: number;
};

/**
 * Empties the tables and fills them from the dump, in one transaction. Their keys, defaults, rights and policies stay: only
 * rows are exchanged. Keys are checked once all tables are full, triggers of the application do not fire, and sequences
 * are put where the dump has them in a way that is taken back with the rest.
 */
export function tablesScript({ dump, sha256, from, tables, lockSeconds }: TablesWork): string {
  const values = {
    dump,
    want_sum: sha256 ?? '',
    from: from ?? '',
    schemas: '',
    chosen: tables.join('\n'),
    locks: String(Math.ceil(lockSeconds)),
  };
  return workScript(values, `${checkDump}${namesFunctions}${body}`);
}

/** The closure is asked for again in the very transaction: a key that was made since must not empty a table unseen. */
const headSql = `, chosen as (
  select c.oid, format('%I.%I', n.nspname, c.relname) as name, n.nspname || '.' || c.relname as plain
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname || '.' || c.relname = any((select first from given)::text[]) and c.relkind = 'r'),
keys as (
  select quote_ident(k.conname) as key, c.name from pg_catalog.pg_constraint k join chosen c on c.oid = k.conrelid
  where k.contype = 'f' and not k.condeferrable and k.conparentid = 0),
triggers as (
  select quote_ident(t.tgname) as trigger, c.name, t.tgenabled from pg_catalog.pg_trigger t join chosen c on c.oid = t.tgrelid
  where not t.tgisinternal and t.tgenabled <> 'D')
select line from (
  select 1 as part, format('alter table %s alter constraint %s deferrable initially deferred;', name, key) as line from keys
  union all select 2, format('alter table %s disable trigger %s;', name, trigger) from triggers
  union all select 3, 'truncate table ' || string_agg(name, ', ') || ';' from chosen
  union all select 5, 'set constraints all immediate;'
  union all select 6, format('alter table %s alter constraint %s not deferrable;', name, key) from keys
  union all select 7, format('alter table %s enable %strigger %s;', name, case tgenabled when 'R' then 'replica ' when 'A' then 'always ' else '' end, trigger) from triggers
) lines`;

/**
 * Lets through what exchanges rows, and nothing else: lines of data between \`COPY … FROM stdin;\` and \`\\.\`, and the places of
 * sequences. A dump may be made so that other lines come out of it, and psql would run those.
 */
const filter = `awk -v tail="$work/after" -v chosen="$work/chosen.quoted" '
  BEGIN { while ((getline line < chosen) > 0) { want[line] = 1; left++ } data = 0 }
  data { print; if ($0 == "\\\\.") data = 0; next }
  /^COPY / {
    if ($0 !~ /^COPY [^;\\\\]*\\([^;\\\\]*\\) FROM stdin;$/) { bad = "a table has a name that cannot be taken over safely"; exit }
    name = $2
    if (!(name in want)) { bad = "it holds rows for " name ", which were not asked for"; exit }
    delete want[name]; left--
    print; data = 1; next
  }
  /^SELECT pg_catalog\\.setval\\(/ {
    if ($0 !~ /^SELECT pg_catalog\\.setval\\(\\047[^\\047\\\\;]*\\047, -?[0-9]+, (true|false)\\);$/) { bad = "a sequence has a name that cannot be taken over safely"; exit }
    split($0, part, "\\047")
    print "alter sequence " part[2] " restart;"
    print; next
  }
  /^SET client_encoding = \\047[A-Za-z0-9_]+\\047;$/ { print; next }
  /^lastgood-end 0$/ { ended = 1; next }
  /^$/ || /^--/ || /^SET [a-z_]+ = [^;\\\\]*;$/ || /^SELECT pg_catalog\\.set_config\\(\\047search_path\\047, \\047\\047, false\\);$/ || /^\\\\(un)?restrict [A-Za-z0-9]+$/ || /^lastgood-end / { next }
  { bad = "it holds more than rows"; exit }
  END {
    if (bad == "" && ended && left > 0) bad = "it has no rows for every table that must be filled"
    if (bad != "") { print bad >"/dev/stderr"; exit 1 }
    if (ended && !data) while ((getline line < tail) > 0) print line
  }'`;

const body = `names_of_dump
printf '%s\\n' "$chosen" | sort >"$work/tables"
sort -u "$work/data" >"$work/in.dump"
missing=$(comm -23 "$work/tables" "$work/in.dump" | tr '\\n' ' ')
[ -z "$missing" ] || fail "the backup has no rows for $missing, and emptied they may not be left; nothing was changed"
ask_about "$work/tables" "$work/tables" " select format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname || '.' || c.relname = any((select first from given)::text[]) and c.relkind = 'r'" >"$work/chosen.quoted" &&
[ "$(wc -l <"$work/chosen.quoted")" -eq "$(wc -l <"$work/tables")" ] || fail "not every one of these tables is a table of the database now; nothing was changed"
ask_about "$work/tables" "$work/tables" ${shellQuote(headSql)} >"$work/lines" || fail "the tables cannot be seen; nothing was changed"
sed '/^set constraints/,$d' "$work/lines" >"$work/before"
sed -n '/^set constraints/,$p' "$work/lines" >"$work/after"
printf "commit;\\nselect 'lastgood-committed';\\n" >>"$work/after"
awk -v names="$work/tables" 'BEGIN { while ((getline line < names) > 0) want[line] = 1 }
  {
    rest = $0
    sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", rest)
    if (rest ~ /^TABLE DATA /) { sub(/^TABLE DATA /, "", rest); sub(/ [^ ]*$/, "", rest); sub(/ /, ".", rest); if (rest in want) print }
  }' "$toc" >"$work/list"
ask_about "$work/tables" "$work/tables" " select n.nspname || '.' || s.relname from pg_catalog.pg_class s join pg_catalog.pg_namespace n on n.oid = s.relnamespace join pg_catalog.pg_depend d on d.objid = s.oid and d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = d.classid and d.deptype in ('a', 'i') join pg_catalog.pg_class c on c.oid = d.refobjid join pg_catalog.pg_namespace m on m.oid = c.relnamespace where s.relkind = 'S' and m.nspname || '.' || c.relname = any((select first from given)::text[])" >"$work/sequences" || fail "the sequences cannot be seen; nothing was changed"
awk -v names="$work/sequences" 'BEGIN { while ((getline line < names) > 0) want[line] = 1 }
  {
    rest = $0
    sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", rest)
    if (rest ~ /^SEQUENCE SET /) { sub(/^SEQUENCE SET /, "", rest); sub(/ [^ ]*$/, "", rest); sub(/ /, ".", rest); if (rest in want) print }
  }' "$toc" >>"$work/list"
${marksFunction}marks_before=$(marks) || fail "the tables cannot be seen; nothing was changed"
rows_of_dump() {
  "$pg_restore" --data-only -L "$work/list" -f - "$dump"
  echo "lastgood-end $?"
}
exchange() {
  {
    printf "set standard_conforming_strings = on;\\nset client_encoding = 'UTF8';\\nset lock_timeout = 0;\\nset statement_timeout = 0;\\nset idle_in_transaction_session_timeout = 0;\\nset row_security = off;\\nset search_path = pg_catalog;\\nbegin;\\n"
    cat "$work/before"
    rows_of_dump | ${filter}
  } | sql -f - >"$work/said"
  grep -qx lastgood-committed "$work/said"
}
progress() { tee "$work/words"; }
prove_sum
if ! patient "$locks" exchange; then
  why=\${held:-$(grep -E 'ERROR|error|it holds|it has no|safely' "$work/words" | head -n 1 | sed 's/^psql:[^ ]* //')}
  settle_restore
fi
say "$(wc -l <"$work/tables" | tr -d ' ') tables hold the rows of $dump: $(tr '\\n' ' ' <"$work/tables")"
`;
