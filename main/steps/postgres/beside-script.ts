import { workScript } from '../host/work-script.js';
import { checkDump } from './dump-script.js';
import { namesFunctions } from './in-the-way.js';
import { quoteName, quoteText } from './names.js';

export type BesideWork = {
  readonly dump: string;
  readonly sha256: string | null;
  readonly from: string | null;
  readonly into: string;
  readonly parallel: number;
  /** Comments of the new database while it is made, and once it is whole. */
  readonly building: string;
  readonly ready: string;
};

export function besideScript(work: BesideWork): string {
  const values = {
    dump: work.dump,
    want_sum: work.sha256 ?? '',
    from: work.from ?? '',
    schemas: '',
    into: work.into,
    jobs: String(work.parallel),
    building: work.building,
    ready: work.ready,
    about_sql: `select coalesce(shobj_description(oid, 'pg_database'), '') from pg_catalog.pg_database where datname = ${quoteText(work.into)}`,
    drop_sql: `drop database if exists ${quoteName(work.into)}`,
    building_sql: `comment on database ${quoteName(work.into)} is ${quoteText(work.building)}`,
    ready_sql: `comment on database ${quoteName(work.into)} is ${quoteText(work.ready)}`,
    create_sql: createSql(work.into),
    settings_sql: carriedSettingsSql(work.into),
  };
  return workScript(values, `${checkDump}${namesFunctions}${body}`);
}

/** Only what a run of ours made, and never what others are connected to: by then it may serve. */
export function dropBesideScript(into: string, ours: readonly string[]): string {
  const values = {
    into,
    about_sql: `select coalesce(shobj_description(oid, 'pg_database'), '') from pg_catalog.pg_database where datname = ${quoteText(into)}`,
    drop_sql: `drop database ${quoteName(into)}`,
    first: ours[0] ?? '',
    second: ours[1] ?? '',
  };
  return workScript(
    values,
    `there=$(ask "select count(*) from pg_database where datname = '$(printf '%s' "$into" | sed "s/'/''/g")'") || fail "the server does not answer"
[ "$there" != 0 ] || already "there is no database $into"
about=$(ask "$about_sql")
case $about in "$first" | "$second") ;; *) fail "$into was not made by this run; it stays" ;; esac
ask "$drop_sql" >/dev/null || fail "$into cannot be removed"
say "$into is removed"
`,
  );
}

/** Everything that a database has beside what a dump of it holds, as the one that serves has it. */
const createSql = (
  into: string,
): string => `select format('create database %I template template0 owner %I encoding %L lc_collate %L lc_ctype %L%s%s connection limit %s', ${quoteText(into)}, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding),
  d.datcollate, d.datctype,
  case when j->>'datlocprovider' = 'i' then format(' locale_provider icu icu_locale %L', coalesce(j->>'daticulocale', j->>'datlocale'))
    when j->>'datlocprovider' = 'b' then format(' locale_provider builtin builtin_locale %L', j->>'datlocale') else '' end,
  case when t.spcname = 'pg_default' then '' else format(' tablespace %I', t.spcname) end, d.datconnlimit)
from pg_catalog.pg_database d cross join lateral to_jsonb(d) j join pg_catalog.pg_tablespace t on t.oid = d.dattablespace where d.datname = current_database()`;

/** Settings of the database and of roles in it, and who may do what with it. */
export const carriedSettingsSql = (into: string): string => `select line from (
  select 1 as part, 0 as at, format('alter database %I set %s;', ${quoteText(into)}, setting) as line
  from (${settingsOf('0')}) own
  union all
  select 2, 0, format('alter role %I in database %I set %s;', role, ${quoteText(into)}, setting)
  from (${settingsOf('other')}) others
  union all
  select 3, 0, format('revoke all on database %I from public;', ${quoteText(into)}) from pg_catalog.pg_database where datname = current_database() and datacl is not null
  union all
  select 3, 1, format('revoke all on database %I from %I;', ${quoteText(into)}, pg_get_userbyid(datdba)) from pg_catalog.pg_database where datname = current_database() and datacl is not null
  union all
  select 4, 0, format('grant %s on database %I to %s%s;', a.privilege_type, ${quoteText(into)}, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, case when a.is_grantable and a.grantee <> d.datdba then ' with grant option' else '' end)
  from pg_catalog.pg_database d cross join lateral aclexplode(d.datacl) a where d.datname = current_database()
) lines order by part, at`;

/** Lists stay lists: of those the server keeps names that are quoted already, of everything else one text. */
function settingsOf(whose: '0' | 'other'): string {
  return `select pg_get_userbyid(s.setrole) as role, quote_ident(split_part(c, '=', 1)) || ' = ' ||
      case when lower(split_part(c, '=', 1)) in ('search_path', 'session_preload_libraries', 'local_preload_libraries', 'temp_tablespaces', 'datestyle')
        then (select string_agg(quote_literal(trim(both '"' from trim(v))), ', ') from unnest(string_to_array(substr(c, strpos(c, '=') + 1), ',')) v)
        else quote_literal(substr(c, strpos(c, '=') + 1)) end as setting
    from pg_catalog.pg_db_role_setting s cross join lateral unnest(s.setconfig) c
    where s.setdatabase = (select oid from pg_catalog.pg_database where datname = current_database()) and s.setrole ${whose === '0' ? '= 0' : '<> 0'}`;
}

const body = `prove_sum
about=$(ask "$about_sql") || fail "the server does not answer"
exists=$(ask "select count(*) from pg_database where datname = '$(printf '%s' "$into" | sed "s/'/''/g")'")
if [ "$exists" != 0 ]; then
  [ "$about" != "$ready" ] || already "$into is there and complete"
  [ "$about" = "$building" ] || fail "there is a database $into that this run did not make; it stays, and nothing was done"
  ask "$drop_sql" >/dev/null || fail "the unfinished $into cannot be removed; nothing else was done"
fi
names_of_dump
need=$(ask "select pg_database_size(current_database())")
printf 'it will need about %s on the server, as %s does now\\n' "$(words_of_size "$need")" "$here" >&2
ask "$(ask "$create_sql")" >/dev/null || fail "the database $into cannot be made; nothing was changed"
ask "$building_sql" >/dev/null || fail "the new database cannot be marked"
ask "$settings_sql" >"$work/settings.sql" || fail "the settings of $here cannot be seen"
why=$({ echo 'begin;'; cat "$work/settings.sql"; echo 'rollback;'; } | sql -f - 2>&1 >/dev/null) || {
  ask "$drop_sql" >/dev/null
  fail "The role of this connection cannot carry over what belongs to $here: $(printf '%s' "$why" | sed -n 's/^psql:[^ ]* //p' | head -n 1). Restore in place, or use a role that may; $here was not touched"
}
progress() { tell_tables '*finished item * TABLE DATA ' | tee "$work/words"; }
told "$pg_restore" -w --exit-on-error -j "$jobs" --no-subscriptions --verbose -d "$(connection_of "$into")" "$dump" ||
  fail "$(grep 'error:' "$work/words" | head -n 1 | sed 's/^pg_restore: //'); $into is not complete, $here was not touched"
beside() { sql -d "$(connection_of "$into")" -c "$1"; }
beside analyze >/dev/null || fail "$into cannot be analysed; $here was not touched"
found=$(beside "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'")
[ "$found" -ge "$total" ] || fail "$into has $found tables of the $total with rows in the backup; $here was not touched"
broken=$(beside "select count(*) from pg_index where not indisvalid")
[ "$broken" = 0 ] || fail "$into has $broken indexes that are not valid; $here was not touched"
sql --single-transaction -f "$work/settings.sql" >/dev/null ||
  fail "the settings and grants of $here cannot be carried over; $here was not touched"
ask "$ready_sql" >/dev/null || fail "the new database cannot be marked"
say "$into holds $found tables of $dump (PostgreSQL $dump_version), analysed; $here still serves"
`;
