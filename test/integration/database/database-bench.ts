import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createHostAdapter } from '../../../main/connections/host/host-adapter.js';
import { LocalLine } from '../../../main/connections/local/local-line.js';
import { Databases } from '../../../main/connections/database/databases.js';
import { DatabasePasswords } from '../../../main/connections/database/passwords.js';
import type { HostPort } from '../../../main/connections/ports.js';
import type { Environment } from '../../../shared/runbook/environment-schema.js';
import type { Json } from '../../../shared/json.js';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { ready } from './ready.js';
import { serverTools } from './server-tools.js';
import { look, searchFiles } from './watched-cluster.js';
import { scriptBench } from '../../unit/main/steps/host/script-bench.js';

export type DatabaseBench = ReturnType<typeof databaseBench>;

let made = 0;

export type BenchOptions = {
  readonly of?: string;
  readonly user?: string;
  readonly port?: number;
  /** PostgreSQL's programs run where the console does, and not on a host: only the server outlives them there. */
  readonly isOnLaptop?: boolean;
};

/** A database of its own on the cluster, the steps, and psql as its administrator to see what is true. */
export function databaseBench(cluster: Cluster, options: BenchOptions = {}) {
  made += 1;
  const database = `bench_${String(made)}`;
  const user = options.user ?? 'app';
  const server = serverTools(cluster);
  const admin = (sql: string, on = database): string => server.psql(sql, on);
  admin(
    `create database ${database} template ${options.of ?? 'tradewizard'} owner app`,
    'postgres',
  );
  let reached: HostPort | null = null;
  const laptop = new LocalLine();
  const opened = new Databases({
    environment: environmentOf(options, cluster, database),
    passwords: new DatabasePasswords(
      nobody,
      new Map([['main', user === 'postgres' ? cluster.adminPassword : cluster.password]]),
    ),
    host: () => {
      if (reached === null) {
        throw new Error('There is no host yet.');
      }
      return reached;
    },
    toolHosts: {
      container: nowhere,
      local: () => createHostAdapter(laptop, { name: 'this laptop', questions: nobody }),
      close: () => laptop.close(),
    },
  });
  const bench = scriptBench({
    reach: (host) => {
      reached = host;
      return {
        database: (name) => opened.port(name),
        databaseTools: (name) => opened.tools(name),
      };
    },
  });
  const port = opened.port('main');
  mkdirSync(bench.at('backups'));
  chmodSync(bench.home, 0o755);
  if (options.isOnLaptop === true) {
    // What runs here leaves its jobs in the home of whoever runs it.
    const { HOME } = process.env;
    process.env['HOME'] = bench.home;
    onTestFinished(() => {
      process.env['HOME'] = HOME;
    });
  }
  onTestFinished(async () => {
    await opened.close();
    searchFiles(bench.home);
    look('what a step said', bench.said.join('\n'));
  });
  return {
    ...bench,
    database,
    port,
    tools: opened.tools('main'),
    admin,
    /** A step on this database. */
    on: (kind: string, params: Record<string, Json>) =>
      bench.step(kind, { database: 'main', ...params }),
    backups: (name: string) => bench.at('backups', name),
    checksum: () => server.checksum(database),
    /** Holds what a statement takes, in a session of its own that calls itself holding-test, until it is let go. */
    holding: async (sql: string, application = 'holding-test') => {
      const child = spawn(
        join(cluster.bin, 'psql'),
        [
          '-h',
          cluster.socketFolder,
          '-p',
          String(cluster.port),
          '-U',
          'app',
          '-d',
          database,
          '-X',
          '-q',
          '-A',
          '-t',
        ],
        { env: { ...process.env, PGAPPNAME: application }, stdio: ['pipe', 'ignore', 'ignore'] },
      );
      child.stdin.write(`begin; ${sql};\n`);
      await ready(
        () =>
          admin(
            `select count(*) from pg_stat_activity where application_name = '${application}' and datname = current_database() and state = 'idle in transaction'`,
          ) === '1',
      );
      return async (): Promise<void> => {
        const ended = once(child, 'exit');
        child.stdin.end();
        await ended;
      };
    },
    dump: (file: string, ...words: string[]) => server.dump(database, file, ...words),
  };
}

function nowhere(): never {
  throw new Error('The programs are on the host.');
}

const nobody = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };

const environmentOf = (
  { port, user = 'app', isOnLaptop = false }: BenchOptions,
  cluster: Cluster,
  database: string,
): Environment => ({
  name: 'lab',
  tier: 'staging',
  url: 'http://localhost:3000',
  engines: [],
  variables: {},
  databases: [
    {
      name: 'main',
      host: '127.0.0.1',
      port: port ?? cluster.port,
      database,
      user,
      tools: [isOnLaptop ? { local: true } : { host: 'app-1' }],
    },
  ],
});
