import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from '../lab/database/cluster.mjs';
import { DatabasePasswords } from '../../main/connections/database/passwords.js';
import type { Questions } from '../../main/connections/questions.js';

const run = promisify(execFile);

/** Says something as the administrator, by the server's own socket. */
export async function asAdmin(cluster: Cluster, sql: string, database = 'tradewizard') {
  const where = [
    '-h',
    cluster.socketFolder,
    '-p',
    String(cluster.port),
    '-U',
    'postgres',
    '-d',
    database,
  ];
  const { stdout } = await run(join(cluster.bin, 'psql'), ['-X', '-A', '-t', ...where, '-c', sql], {
    env: { PATH: '/usr/bin:/bin' },
  });
  return stdout.trim();
}

/** Ends every session of the application's user, as a network does. */
export async function endSessions(cluster: Cluster): Promise<void> {
  const others = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'app'`;
  await asAdmin(cluster, others, 'postgres');
}

/** An operator who types these, one after the other. */
export function operatorTypes(
  ...answers: readonly string[]
): Questions & { readonly asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  return {
    asked,
    ask: (question) => {
      asked.push(JSON.stringify(question));
      const value = left.shift();
      return Promise.resolve(value === undefined ? { kind: 'refuse' } : { kind: 'secret', value });
    },
  };
}

export const passwordsOf = (cluster: Cluster): DatabasePasswords =>
  new DatabasePasswords(operatorTypes(cluster.password, cluster.password, cluster.password));
