import { shellQuote } from '../shell-quote.js';

/** Whole statistics of a table with no more bytes are made in no time. */
const largeBytes = 1_048_576;

/** Of what the server takes a sample of 30,000 rows for by default, a rough one holds a tenth. */
const roughTarget = 10;

/**
 * The server's autovacuum comes to it by itself, within a minute or two, and makes its whole statistics; if it was there already, they are
 * not replaced by rough ones. It never comes where it is told not to, and an expression in an index, which no rough sample holds,
 * would be without statistics till then.
 */
const isComeTo = `c.relkind = 'r' and pg_catalog.pg_relation_size(c.oid) > ${String(largeBytes)}
    and pg_catalog.current_setting('autovacuum')::bool and pg_catalog.current_setting('track_counts')::bool
    and pg_catalog.current_setting('autovacuum_analyze_scale_factor')::float8 < 1
    and coalesce(pg_catalog.array_to_string(c.reloptions, ' ') !~ 'autovacuum_(enabled|analyze)', true)
    and pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid) is null
    and not exists (select 1 from pg_catalog.pg_index i where i.indrelid = c.oid and i.indexprs is not null)`;

/** An `analyze` of a partitioned table, to which autovacuum never comes, makes the whole statistics of its parts as well. */
const isPart = `c.relispartition and exists (select 1 from pg_catalog.pg_inherits i
    join pg_catalog.pg_class p on p.oid = i.inhparent join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    where i.inhrelid = c.oid and pn.nspname || '.' || p.relname = any((select first from given)::text[]))`;

const itsColumns = `(select ' (' || string_agg(quote_ident(a.attname), ', ') || ')' from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`;

const rough = `format('set default_statistics_target = %s; analyze %I.%I%s;', least(${String(roughTarget)}, pg_catalog.current_setting('default_statistics_target')::int), n.nspname, c.relname, ${itsColumns})`;

const analyses = {
  beginning: ' select case when ',
  end: ` and ${isComeTo}
    then ${rough}
    else format('reset default_statistics_target; analyze %I.%I;', n.nspname, c.relname) end
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname || '.' || c.relname = any((select first from given)::text[]) and c.relkind in ('r', 'p', 'm') and not (${isPart})
  order by pg_catalog.pg_relation_size(c.oid) desc, c.relname`,
};

/**
 * Shell: statistics of what was made anew, without which the service would plan blindly until the server's own turn comes. It stands
 * still meanwhile, so those of a large table are rough at first. Where an `analyze` names the columns, the server does not take the
 * table for analysed, and makes its whole statistics as soon as its autovacuum comes to it. A server that crashed or gave its place to
 * another one since the commit has forgotten that it owes them, so `may_be_rough=false` is to be said where that may be.
 * - `statistics_of_names`: a question after `names_of_dump`; what it answers is to stand in `$work/analyse`;
 * - `make_statistics`: a word where they cannot be made or are rough.
 */
export const statisticsFunctions = `may_be_rough=true
statistics_of_names() { about "$work/names" "$work/names" ${shellQuote(analyses.beginning)}"$may_be_rough"${shellQuote(analyses.end)}; }
make_statistics() {
  printf 'reset default_statistics_target;\\n' >>"$work/analyse"
  sql -f "$work/analyse" >/dev/null 2>&1 || { printf 'the statistics could not be made anew\\n' >&2; return 0; }
  ! grep -q '^set ' "$work/analyse" || printf 'the statistics of large tables are rough until the autovacuum of the server comes to them\\n' >&2
}
`;
