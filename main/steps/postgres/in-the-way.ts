import { shellQuote } from '../shell-quote.js';

/**
 * SQL that names what a restore would trip over: views, keys and parts of tables that the dump does not know and that hang
 * on what it would make anew. Goes on behind `with given(first, second) as (…)`, two arrays of text: the dump's relations as
 * `schema.name` and its foreign keys as `schema.table.key`.
 */
export const inTheWaySql = `, dumped as (
  select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname || '.' || c.relname = any((select first from given)::text[]))
select case v.relkind when 'm' then 'materialized view ' else 'view ' end || v.oid::regclass || ' reads ' || string_agg(distinct d.refobjid::regclass::text, ', ') as what
from pg_catalog.pg_depend d
join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::regclass
join pg_catalog.pg_class v on v.oid = r.ev_class
where d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid in (select oid from dumped)
  and v.oid not in (select oid from dumped) and v.oid <> d.refobjid
group by v.oid, v.relkind
union
select 'foreign key ' || quote_ident(k.conname) || ' of ' || k.conrelid::regclass || ' refers to ' || k.confrelid::regclass
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0 and k.confrelid in (select oid from dumped)
  and not (n.nspname || '.' || c.relname || '.' || k.conname = any((select second from given)::text[]))
union
select 'table ' || i.inhrelid::regclass || ' is a part of ' || i.inhparent::regclass
from pg_catalog.pg_inherits i
where i.inhparent in (select oid from dumped) and i.inhrelid not in (select oid from dumped)
  and i.inhrelid::regclass::text not in (select indexrelid::regclass::text from pg_catalog.pg_index)
order by 1`;

/**
 * Shell: `array_of FILE` makes an SQL array of the lines of a file. Names come from a dump that nobody may have looked into,
 * so they stand in quotes, where psql takes no command of its own. `about FILE FILE SQL` is a question with two such arrays,
 * `given.first` and `given.second`; `ask_about` asks it. `names_of_dump` and what follows it read the list of contents; wants
 * `schemas`, one a line, or
 * nothing for all.
 */
export const namesFunctions = `array_of() {
  awk 'BEGIN { printf "ARRAY[" } { gsub(/\\047/, "\\047\\047"); printf "%s\\047%s\\047", (NR > 1 ? "," : ""), $0 } END { printf "]::text[]" }' "$1"
}
about() {
  printf 'set standard_conforming_strings = on;\\nwith given(first, second) as (select %s, %s)' "$(array_of "$1")" "$(array_of "$2")"
  printf '%s;\\n' "$3"
}
ask_about() { about "$@" | sql -f -; }
in_schemas() {
  [ -n "$schemas" ] || { cat; return; }
  printf '%s\\n' "$schemas" >"$work/schemas"
  awk -v file="$work/schemas" 'BEGIN { while ((getline line < file) > 0) have[line] = 1 } { split($0, part, "."); if (part[1] in have) print }'
}
names_of_dump() {
  sed -nE 's/^[0-9]+; [0-9]+ [0-9]+ (TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|FOREIGN TABLE) ([^ ]+) (.*) [^ ]*$/\\2.\\3/p' "$toc" |
    grep -vE '^(DATA|ATTACH|SET|OWNED)\\.' | in_schemas >"$work/names"
  sed -nE 's/^[0-9]+; [0-9]+ [0-9]+ FK CONSTRAINT ([^ ]+) ([^ ]+) (.*) [^ ]*$/\\1.\\2.\\3/p' "$toc" | in_schemas >"$work/keys"
  sed -nE 's/^[0-9]+; [0-9]+ [0-9]+ TABLE DATA ([^ ]+) (.*) [^ ]*$/\\1.\\2/p' "$toc" | in_schemas >"$work/data"
  sed -nE 's/^[0-9]+; [0-9]+ [0-9]+ TABLE ([^ ]+) (.*) [^ ]*$/\\1.\\2/p' "$toc" | grep -vE '^(DATA|ATTACH)\\.' | in_schemas >"$work/tables"
}
`;

/** Shell: leaves in `in_the_way` a line for each thing that a restore would trip over. After `names_of_dump`. */
export const findInTheWay = `in_the_way=$(ask_about "$work/names" "$work/keys" ${shellQuote(inTheWaySql)}) ||
  fail "what hangs on the tables cannot be seen; nothing was changed"
`;
