import type { DatabaseInfo, DatabaseRow, Pooler } from '../database-types.js';
import { poolerByAddress, poolerOf } from './pooler.js';
import type { Sessions } from './sessions.js';
import { begin, say } from './statements.js';

/** The platform's own: never dumped, restored or migrated as the application's. */
export const platformSchemas = [
  'auth',
  'storage',
  'realtime',
  'vault',
  'graphql',
  'graphql_public',
  'pgsodium',
  'pgsodium_masks',
  'pgbouncer',
  'supabase_functions',
  'supabase_migrations',
  'extensions',
  'net',
  'cron',
  '_analytics',
  '_realtime',
  '_supavisor',
];
/** These together are on no server but Supabase's. */
const tokens = ['auth', 'storage'];
const supabaseRole = 'supabase_admin';

const question = `SELECT current_database() AS database, session_user AS "user",
  current_setting('server_version_num') AS number, current_setting('server_version') AS version,
  current_setting('is_superuser') AS super, pg_backend_pid() AS pid,
  (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = session_user)::text AS creates,
  (SELECT count(*) FROM pg_roles WHERE rolname = '${supabaseRole}') AS supabase,
  has_function_privilege('pg_control_system()', 'execute')::text AS tells,
  (SELECT coalesce(json_agg(nspname ORDER BY nspname), '[]')::text FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema') AS schemas`;

export async function readInfo(
  sessions: Sessions,
  chosenSchemas: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<DatabaseInfo> {
  const { name, address, place } = sessions.options;
  const { session } = await begin(sessions, 'BEGIN READ ONLY', signal);
  try {
    const ask = async (sql: string): Promise<DatabaseRow> =>
      (await say(sessions, session, { sql }, signal)).at(-1)?.rows[0] ?? {};
    const row = await ask(question);
    const identity = row['tells'] === 'true' ? await ask(identityOf) : {};
    await say(sessions, session, { sql: 'ROLLBACK' }, signal);
    const pooler = await lookForPooler(sessions, session, Number(row['pid']), signal);
    const { isSupabase, own } = schemasOf(row);
    sessions.give(session);
    return {
      name,
      ...who(row),
      isTls: place.tls !== 'off',
      pooler,
      flavour: isSupabase ? 'supabase' : 'plain',
      systemIdentifier: identity['id'] ?? null,
      address,
      schemas: chosenSchemas ?? own,
    };
  } catch (thrown) {
    session.close();
    throw thrown;
  }
}

const identityOf = 'SELECT system_identifier::text AS id FROM pg_control_system()';

function who(row: DatabaseRow) {
  return {
    database: row['database'] ?? '',
    user: row['user'] ?? '',
    serverVersion: Number(row['number']),
    serverVersionText: row['version'] ?? '',
    isSuperuser: row['super'] === 'on',
    canCreateDatabase: row['creates'] === 'true',
  };
}

function schemasOf(row: DatabaseRow): {
  readonly isSupabase: boolean;
  readonly own: readonly string[];
} {
  const all = schemaNames(row['schemas'] ?? '[]');
  const isSupabase = Number(row['supabase']) > 0 && tokens.every((token) => all.includes(token));
  const own = isSupabase ? all.filter((schema) => !platformSchemas.includes(schema)) : all;
  return { isSupabase, own };
}

function schemaNames(text: string): readonly string[] {
  const names: unknown = JSON.parse(text);
  return Array.isArray(names) ? names.filter((one) => typeof one === 'string') : [];
}

async function lookForPooler(
  sessions: Sessions,
  first: { readonly greetedBy: number | null },
  answeredBy: number,
  signal: AbortSignal,
): Promise<Pooler | null> {
  const { host, port } = sessions.options.place;
  const byAddress = poolerByAddress(host, port);
  const isBetween = first.greetedBy !== answeredBy;
  const mustTry = isBetween && (byAddress === null || byAddress.mode === 'unknown');
  return poolerOf(byAddress, {
    greetedBy: first.greetedBy,
    answeredBy,
    keepsSession: mustTry ? await keepsSession(sessions, answeredBy, signal) : null,
  });
}

const rounds = 3;

/** A second session that gets the first one's process while the first is still there shows that sessions are not kept. */
async function keepsSession(
  sessions: Sessions,
  answeredBy: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (let round = 0; round < rounds; round += 1) {
    const second = await sessions.open(signal);
    second.close();
    if (second.answeredBy === answeredBy) {
      return false;
    }
  }
  return true;
}
