import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { labDatabaseRunbook } from '../../integration/database/lab-runbook.js';
import { serverTools } from '../../integration/database/server-tools.js';
import type { ServerTools } from '../../integration/database/server-tools.js';
import { startCluster, stopCluster } from '../../lab/database/cluster.mjs';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { expect } from './console.js';
import { hostTest } from './host.js';

/** The lab's database: about 1 kB for each row added by the environment, so that 1050000 make 1 GB. */
export const moreRows = Number(process.env['LASTGOOD_TEST_DATABASE_ROWS'] ?? '0');

/** How long one piece of work on it may keep the operator waiting. */
export const patienceMs = moreRows > 0 ? 900_000 : 60_000;

const NAME = 'tradewizard';
const WATCH_SECONDS = 1;

/** A server of the test's own with a backup on it, and what its administrator sees. */
export type LabDatabase = {
  readonly password: string;
  readonly backups: string;
  readonly sql: (text: string, on?: string) => string;
  /** Of every row and the schema. */
  readonly checksum: (of?: string) => string;
  /** Names of the databases there are, without the server's own. */
  readonly names: () => readonly string[];
  /** When the backup was taken. */
  readonly old: string;
  /** When the console was started: rows have come and gone since. */
  readonly now: string;
  /** Files that hold one of the server's passwords. */
  readonly passwordsFoundIn: (folder: string) => Promise<readonly string[]>;
};

/** A machine with the service, and the database of it with a backup that is older than the newest rows. */
export const databaseTest = hostTest.extend<{ database: LabDatabase }>({
  database: async ({ home, machine }, use) => {
    hostTest.setTimeout(hostTest.info().timeout + patienceMs);
    const cluster = await startCluster();
    try {
      // Its newest version is sick by itself; what a database brings back is seen with one that serves.
      await machine.run(
        'ln',
        '-sfn',
        '/opt/lab-service/releases/v1.1.0',
        '/opt/lab-service/current',
      );
      await machine.run('systemctl', 'restart', 'lab-service');
      const backups = path.join(home, 'backups');
      await mkdir(backups, { recursive: true });
      await writeRunbook(home, cluster, backups);
      await use(prepare(cluster, backups));
    } finally {
      await stopCluster(cluster);
    }
  },
  // Work on this laptop leaves its files under the folder that is searched.
  variables: async ({ home, desk, database: _database }, use) => {
    await use({ LASTGOOD_SSH_CONFIG: desk.config, XDG_CACHE_HOME: path.join(home, 'cache') });
  },
});

function prepare(cluster: Cluster, backups: string): LabDatabase {
  const server: ServerTools = serverTools(cluster);
  const sql = (text: string, on = NAME): string => server.psql(text, on);
  const checksum = (of = NAME): string => server.checksum(of);
  sql(
    `insert into agent_signals (recommendation_id, agent, payload, created_at)
      select 1 + n % 500, 'agent-' || n % 7, jsonb_build_object('n', n, 'noise', (select string_agg(md5((n * 32 + m)::text), '') from generate_series(1, 26) m)), '2026-01-04Z'::timestamptz + n * interval '1 millisecond'
      from generate_series(1, ${String(moreRows)}) n`,
  );
  server.dump(NAME, path.join(backups, 'before-deployment.dump'), '-Fc');
  const old = checksum();
  sql(
    "insert into settings values ('since', 'x'); delete from agent_signals where id < 100; insert into markets (condition_id, title) values ('new', 'new')",
  );
  return {
    password: cluster.password,
    backups,
    sql,
    checksum,
    names: () =>
      sql(
        "select datname from pg_database where not datistemplate and datname not in ('postgres', 'supabase_like') order by 1",
        'postgres',
      ).split('\n'),
    old,
    now: checksum(),
    passwordsFoundIn: async (folder) => {
      const places = [folder, path.join(cluster.folder, 'server.log')];
      const files = (await Promise.all(places.map(filesIn))).flat();
      const held = await Promise.all(files.map((file) => holdsPassword(file)));
      return files.filter((_, index) => held[index]);
    },
  };
}

/** What no quoting, address or JSON writes differently. */
const secrets = ['lab-admin-7f3Kq', 'lab-app-w8'];

async function holdsPassword(file: string): Promise<boolean> {
  const bytes = await readFile(file);
  return secrets.some((secret) => bytes.includes(secret));
}

async function filesIn(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => null);
  return entries === null
    ? [place]
    : entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
}

async function writeRunbook(home: string, { port }: Cluster, backups: string): Promise<void> {
  const text = labDatabaseRunbook({ port, database: NAME, backups });
  const runbook = parse(text) as { readonly environments: readonly object[] };
  const environments = runbook.environments.map((environment) => ({
    ...environment,
    watchSeconds: WATCH_SECONDS,
  }));
  const folder = path.join(home, 'runbooks');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'lab-database.yaml'),
    stringify({ ...runbook, environments }, { aliasDuplicateObjects: false }),
  );
}

/** The sentence in `sql` is true on the server, not only on the screen. */
export function expectRows(
  database: LabDatabase,
  expected: Readonly<Record<string, string>>,
): void {
  for (const [table, rows] of Object.entries(expected)) {
    expect(database.sql(`select count(*) from ${table}`), table).toBe(rows);
  }
}
