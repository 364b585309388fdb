/**
 * What a restore would take with the tables it makes anew, and what is put back behind it: grants, which the default
 * privileges of a schema would otherwise make wider than they were, and which publications a table is in. SQL that answers
 * with SQL; `$1` of the sort is the shell variable `$scope`, a condition on `n.nspname`.
 */
export const keptGrantsSql = `select 'create temp table lastgood_kept on commit drop as select * from json_to_recordset(' || quote_literal(coalesce(json_agg(k), '[]')::text) || ') as k(kind text, name text, acl text, col text);' from (
  select case c.relkind when 'S' then 'sequence' else 'table' end as kind, format('%I.%I', n.nspname, c.relname) as name,
    coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))::text as acl, null as col
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname = any((select first from given)::text[])
  union all
  select 'column', format('%I.%I', n.nspname, c.relname), a.attacl::text, a.attname
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where a.attacl is not null and not a.attisdropped and n.nspname = any((select first from given)::text[])
  union all
  select 'routine', p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))::text, null
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any((select first from given)::text[])
    and not exists (select 1 from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')) k`;

const publishedSql = (
  extra: string,
): string => `select format('do $lastgood$ begin if to_regclass(%L) is not null and not exists (select 1 from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where p.pubname = %L and r.prrelid = to_regclass(%L)) then alter publication %I add table %s%s; end if; end $lastgood$;',
  t.name, t.pubname, t.name, t.pubname, t.name, t.extra)
from (select format('%I.%I', n.nspname, c.relname) as name, p.pubname, ${extra} as extra
  from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
  join pg_catalog.pg_class c on c.oid = r.prrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any((select first from given)::text[])) t`;

/** Columns and conditions of a published table are known from PostgreSQL 15 on. */
export const keptPublicationsSql = {
  before15: publishedSql(`''`),
  from15: publishedSql(
    `coalesce((select ' (' || string_agg(quote_ident(a.attname), ', ') || ')' from pg_catalog.pg_attribute a where a.attrelid = r.prrelid and a.attnum = any(r.prattrs)), '') || coalesce(' where (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')`,
  ),
} as const;

/** Runs behind `lastgood_kept`, in one transaction with it. A thing that is no longer there is passed over. */
export const putGrantsBackSql = `do $lastgood$
declare k record; g record; now_acl aclitem[]; relation oid;
begin
  for k in select * from lastgood_kept order by kind = 'column' loop
    now_acl := null;
    if k.kind = 'routine' then
      select coalesce(p.proacl, acldefault('f', p.proowner)) into now_acl from pg_catalog.pg_proc p where p.oid = to_regprocedure(k.name);
    else
      select coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) into now_acl from pg_catalog.pg_class c where c.oid = to_regclass(k.name);
    end if;
    if k.kind = 'column' then
      continue when not exists (select 1 from pg_catalog.pg_attribute a where a.attrelid = to_regclass(k.name) and a.attname = k.col);
      for g in select case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as who, privilege_type, is_grantable from aclexplode(k.acl::aclitem[]) loop
        execute format('grant %s (%I) on table %s to %s%s', g.privilege_type, k.col, k.name, g.who, case when g.is_grantable then ' with grant option' else '' end);
      end loop;
      continue;
    end if;
    continue when now_acl is null;
    continue when (select array_agg(x::text order by x::text) from unnest(now_acl) x) is not distinct from (select array_agg(x::text order by x::text) from unnest(k.acl::aclitem[]) x);
    for g in select distinct case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as who from aclexplode(now_acl) loop
      execute format('revoke all on %s %s from %s cascade', k.kind, k.name, g.who);
    end loop;
    for g in select case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as who, privilege_type, is_grantable from aclexplode(k.acl::aclitem[]) loop
      execute format('grant %s on %s %s to %s%s', g.privilege_type, k.kind, k.name, g.who, case when g.is_grantable then ' with grant option' else '' end);
    end loop;
  end loop;
end $lastgood$;`;
