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
    function put(file) {
      schema = substr($0, 1, index($0, " ") - 1)
      if (!all && !(schema in asked)) return
      name = substr($0, length(schema) + 2)
      sub(/ [^ ]*$/, "", name)
      print schema "." name >(beginning file)
      if (file == "data") rows++
      if (file == "names" && !(schema in used)) { used[schema] = 1; print schema >(beginning "used") }
    }
    BEGIN {
      beginning = ENVIRON["beginning"]
      all = (ENVIRON["schemas"] == "")
      n = split(ENVIRON["schemas"], part, "\\n")
      for (i = 1; i <= n; i++) asked[part[i]] = 1
      n = split("names keys data tables used", part, " ")
      for (i = 1; i <= n; i++) printf "" >(beginning part[i])
    }
    !/^[0-9]+; [0-9]+ [0-9]+ / { next }
    {
      sub(/^[0-9]+; [0-9]+ [0-9]+ /, "")
      table = ($0 ~ /^TABLE /)
      if (sub(/^FK CONSTRAINT /, "")) {
        if ($0 ~ /^[^ ]+ [^ ]+ .* [^ ]*$/) { match($0, /^[^ ]+ [^ ]+ /); $0 = substr($0, 1, RLENGTH - 1) "." substr($0, RLENGTH + 1); put("keys") }
        next
      }
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
export const findInTheWay = `in_the_way=$(ask_about "$work/names" "$work/keys" ${shellQuote(inTheWaySql)}) ||
  fail "what hangs on the tables cannot be seen; nothing was changed"
`;
