import { shellQuote } from '../shell-quote.js';

/**
 * How pg_dump writes the types that a routine takes, whatever the search path is: with their schema, except those of the server's own.
 * Of `p`, a row of pg_proc.
 */
const signature = `p.proname || '(' || coalesce((
    select string_agg(case when bn.nspname = 'pg_catalog' then pg_catalog.format_type(t.oid, null)
      else quote_ident(bn.nspname) || '.' || quote_ident(b.typname) || case when b.oid = t.oid then '' else '[]' end end, ', ' order by a.position)
    from unnest(p.proargtypes::oid[]) with ordinality a(oid, position)
    join pg_catalog.pg_type t on t.oid = a.oid
    join pg_catalog.pg_type b on b.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end
    join pg_catalog.pg_namespace bn on bn.oid = b.typnamespace), '') || ')'`;

/** Routines that are named in `given.second`, as a query of their numbers. */
export const routinesSql = `select p.oid from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname not in ('pg_catalog', 'information_schema')
    and 'routine ' || n.nspname || '.' || ${signature} = any((select second from given)::text[])`;

/** Types that are named there. */
export const typesSql = `select t.oid from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where 'type ' || n.nspname || '.' || t.typname = any((select second from given)::text[])`;

const isOf = (catalogue: string): string => `= 'pg_catalog.${catalogue}'::regclass`;

/**
 * SQL that names what a restore would trip over: what the dump does not know and what hangs on something that it would make anew. What
 * belongs to a relation of the dump goes with it, but for foreign keys that refer to another one. Goes on behind
 * `with given(first, second) as (…)`, two arrays of text: the dump's relations as `schema.name`, and what else it knows, as
 * `key schema.table.key` (foreign keys), `routine schema.name(type, type)` and `type schema.name`.
 */
export const inTheWaySql = `, dumped as (
  select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname || '.' || c.relname = any((select first from given)::text[])),
routines as (${routinesSql}),
types as (${typesSql} union select t.oid from pg_catalog.pg_type t where t.typrelid in (select oid from dumped)),
all_types as (select oid from types union select t.typarray from pg_catalog.pg_type t where t.oid in (select oid from types) and t.typarray <> 0),
replaced(catalogue, oid) as (
  select 'pg_catalog.pg_class'::regclass::oid, oid from dumped
  union all select 'pg_catalog.pg_proc'::regclass::oid, oid from routines
  union all select 'pg_catalog.pg_type'::regclass::oid, oid from all_types),
hanging as (
  select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid,
    case when d.classid ${isOf('pg_rewrite')} then (select ev_class from pg_catalog.pg_rewrite where oid = d.objid)
      when d.classid ${isOf('pg_constraint')} then (select conrelid from pg_catalog.pg_constraint where oid = d.objid and contype <> 'f')
      when d.classid ${isOf('pg_attrdef')} then (select adrelid from pg_catalog.pg_attrdef where oid = d.objid)
      when d.classid ${isOf('pg_trigger')} then (select tgrelid from pg_catalog.pg_trigger where oid = d.objid)
      when d.classid ${isOf('pg_policy')} then (select polrelid from pg_catalog.pg_policy where oid = d.objid)
      when d.classid ${isOf('pg_class')} then coalesce((select indrelid from pg_catalog.pg_index where indexrelid = d.objid), d.objid)
    end as relation
  from pg_catalog.pg_depend d join replaced r on r.catalogue = d.refclassid and r.oid = d.refobjid
  where d.deptype = 'n')
select case v.relkind when 'm' then 'materialized view ' else 'view ' end || v.oid::regclass || ' reads ' || string_agg(distinct h.refobjid::regclass::text, ', ') as what
from hanging h join pg_catalog.pg_class v on v.oid = h.relation
where h.classid ${isOf('pg_rewrite')} and h.refclassid ${isOf('pg_class')} and v.oid not in (select oid from dumped)
group by v.oid, v.relkind
union
select case when h.classid ${isOf('pg_rewrite')} then 'view ' || c.oid::regclass else pg_catalog.pg_describe_object(h.classid, h.objid, h.objsubid) end
  || ' needs ' || pg_catalog.pg_describe_object(h.refclassid, h.refobjid, 0)
from hanging h left join pg_catalog.pg_class c on c.oid = h.relation
where h.classid ${isOf('pg_proc')} and h.objid not in (select oid from routines)
  or h.classid ${isOf('pg_type')} and h.objid not in (select oid from all_types)
  or c.oid is not null and c.oid not in (select oid from dumped) and c.reltype not in (select oid from types)
    and not (h.classid ${isOf('pg_rewrite')} and h.refclassid ${isOf('pg_class')})
union
select 'foreign key ' || quote_ident(k.conname) || ' of ' || k.conrelid::regclass || ' refers to ' || k.confrelid::regclass
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0 and k.confrelid in (select oid from dumped)
  and not ('key ' || n.nspname || '.' || c.relname || '.' || k.conname = any((select second from given)::text[]))
union
select 'table ' || i.inhrelid::regclass || ' is a part of ' || i.inhparent::regclass
from pg_catalog.pg_inherits i
where i.inhparent in (select oid from dumped) and i.inhrelid not in (select oid from dumped)
  and i.inhrelid::regclass::text not in (select indexrelid::regclass::text from pg_catalog.pg_index)
order by 1`;

/**
 * Shell: `about` writes what psql shall do, one after the other: `FILE FILE SQL` is a question with two arrays, `given.first` and
 * `given.second`, of the lines of two files; `: TEXT` stands there as it is. Names come from a dump that nobody may have looked
 * into, so they stand in quotes, where psql takes no command of its own. `ask_about` asks it all in one session.
 *
 * `list_names LIST BEGINNING` sorts a list of contents into files whose names begin so, and prints how many tables have rows;
 * wants `schemas`, one a line, or nothing for all. `names_of_dump` does so with that of the dump, into files in `work`, and
 * leaves the number in `total`.
 */
export const namesFunctions = `about() {
  awk '
    function array(file,  line, n, more) {
      printf "ARRAY["
      while ((more = (getline line < file)) > 0) {
        gsub(/\\047/, "\\047\\047", line)
        printf "%s\\047%s\\047", (n++ ? "," : ""), line
      }
      if (more < 0) exit 1
      close(file)
      printf "]::text[]"
    }
    BEGIN {
      print "set standard_conforming_strings = on;"
      for (i = 1; i < ARGC; i += 3) {
        if (ARGV[i] == ":") { print ARGV[i + 1]; i--; continue }
        printf "with given(first, second) as (select "
        array(ARGV[i])
        printf ", "
        array(ARGV[i + 1])
        printf ")%s;\\n", ARGV[i + 2]
      }
      exit
    }' "$@"
}
ask_about() { about "$@" | sql -f -; }
list_names() {
  beginning=$2 schemas=$schemas awk '
    function put(file, kind) {
      schema = substr($0, 1, index($0, " ") - 1)
      if (!all && !(schema in asked)) return
      name = substr($0, length(schema) + 2)
      sub(/ [^ ]*$/, "", name)
      if (kind == "routine ") sub(/\\(\\*\\)$/, "()", name)
      print kind schema "." name >(beginning file)
      if (file == "data") rows++
      if (file == "names" && !(schema in used)) { used[schema] = 1; print schema >(beginning "used") }
    }
    BEGIN {
      beginning = ENVIRON["beginning"]
      all = (ENVIRON["schemas"] == "")
      n = split(ENVIRON["schemas"], part, "\\n")
      for (i = 1; i <= n; i++) asked[part[i]] = 1
      n = split("names others data tables used", part, " ")
      for (i = 1; i <= n; i++) printf "" >(beginning part[i])
    }
    !/^[0-9]+; [0-9]+ [0-9]+ / { next }
    {
      sub(/^[0-9]+; [0-9]+ [0-9]+ /, "")
      table = ($0 ~ /^TABLE /)
      if (sub(/^FK CONSTRAINT /, "")) {
        if ($0 ~ /^[^ ]+ [^ ]+ .* [^ ]*$/) { match($0, /^[^ ]+ [^ ]+ /); $0 = substr($0, 1, RLENGTH - 1) "." substr($0, RLENGTH + 1); put("others", "key ") }
        next
      }
      if (sub(/^(FUNCTION|PROCEDURE|AGGREGATE) /, "")) { put("others", "routine "); next }
      if (sub(/^(TYPE|DOMAIN) /, "")) { put("others", "type "); next }
      if (!sub(/^(TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|FOREIGN TABLE) /, "")) next
      if (table && $0 ~ /^DATA [^ ]+ .* [^ ]*$/) { sub(/^DATA /, ""); put("data"); next }
      if ($0 !~ /^[^ ]+ .* [^ ]*$/ || $0 ~ /^(DATA|ATTACH) /) next
      if (table) put("tables")
      if ($0 !~ /^(SET|OWNED) /) put("names")
    }
    END { print rows + 0 }' <"$1"
}
names_of_dump() {
  total=$(list_names "$toc" "$work/") || fail "what is in $dump cannot be listed; the database was not touched"
}
`;

/** Shell: leaves in `in_the_way` a line for each thing that a restore would trip over. After `names_of_dump`. */
export const findInTheWay = `in_the_way=$(ask_about "$work/names" "$work/others" ${shellQuote(inTheWaySql)}) ||
  fail "what hangs on the tables cannot be seen; nothing was changed"
`;
