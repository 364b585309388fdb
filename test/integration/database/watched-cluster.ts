import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import * as lab from '../../lab/database/cluster.mjs';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { SecretSearch } from '../../lab/secret-search.mjs';

export type { Cluster };

const watches = new Map<Cluster, () => void>();
/** Over everything that ran in this file. */
const search = new SecretSearch(Object.values(lab.passwords));

/** A cluster whose passwords are looked for, until it is stopped, wherever they must not be. */
export async function startCluster(
  ...options: Parameters<typeof lab.startCluster>
): Promise<Cluster> {
  const cluster = await lab.startCluster(...options);
  watches.set(cluster, search.watchProcesses());
  return cluster;
}

/** Fails where a password stood in a list of processes, in an environment, in the server's log, or in a file that was searched. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  watches.get(cluster)?.();
  watches.delete(cluster);
  const log = readFileSync(path.join(cluster.folder, 'server.log'), 'utf8');
  look("the server's log", log);
  await lab.stopCluster(cluster);
  expect(log).not.toBe('');
  expect(search.programs).toContain('postgres:');
  expect(search.found.splice(0)).toEqual([]);
}

/** Found is said when the cluster is stopped, so that whatever else a test shows is shown too. */
export function look(where: string, text: string | Buffer): void {
  search.text(where, text);
}

/** Every file under the folder, backups and journals alike. */
export function searchFiles(folder: string): void {
  search.folder(folder);
}
