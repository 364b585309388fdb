import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import * as lab from '../../lab/database/cluster.mjs';
import type { Cluster } from '../../lab/database/cluster.mjs';

export type { Cluster };

/** What no quoting, address or JSON writes differently. */
const secrets = ['lab-admin-7f3Kq', 'lab-app-w8'];

/** Between two looks at the list of processes, which every account of the machine may read. */
const lookMs = 20;
/** A program may take another's place under the same number. */
const looksAtOne = 3;

const watches = new Map<Cluster, Watch>();
/** What held a password, over everything that ran in this file. */
const found: string[] = [];

type Watch = { readonly stop: () => Seen };
type Seen = { readonly programs: ReadonlySet<string> };

/** A cluster whose passwords are looked for, until it is stopped, wherever they must not be. */
export async function startCluster(
  ...options: Parameters<typeof lab.startCluster>
): Promise<Cluster> {
  const cluster = await lab.startCluster(...options);
  watches.set(cluster, watchProcesses());
  return cluster;
}

/** Fails where a password stood in a list of processes, in the server's log, or in a file that was searched. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  const seen = watches.get(cluster)?.stop();
  watches.delete(cluster);
  const log = readFileSync(path.join(cluster.folder, 'server.log'), 'utf8');
  look("the server's log", log);
  await lab.stopCluster(cluster);
  expect(log).not.toBe('');
  expect(seen?.programs).toContain('postgres:');
  expect(found.splice(0)).toEqual([]);
}

/** Found is said when the cluster is stopped, so that whatever else a test shows is shown too. */
export function look(where: string, text: string | Buffer): void {
  found.push(...secrets.filter((secret) => text.includes(secret)).map((one) => `${where}: ${one}`));
}

/** Every file under the folder, backups and journals alike. */
export function searchFiles(folder: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files) {
    look(file, bytesOf(file));
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    // A program or a file may end in between; anything else would be a search that found nothing because it did not look.
    if (
      thrown instanceof Error &&
      'code' in thrown &&
      ['ENOENT', 'ESRCH'].includes(String(thrown.code))
    ) {
      return Buffer.alloc(0);
    }
    throw thrown;
  }
}

function watchProcesses(): Watch {
  const looks = new Map<string, number>();
  const programs = new Set<string>();
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const times = looks.get(pid) ?? 0;
      if (times < looksAtOne) {
        looks.set(pid, times + 1);
        const line = bytesOf(`/proc/${pid}/cmdline`).toString().replaceAll('\0', ' ');
        programs.add(path.basename(line.split(' ')[0] ?? ''));
        look(`process ${line}`, line);
      }
    }
  }, lookMs);
  return {
    stop: () => {
      clearInterval(timer);
      return { programs };
    },
  };
}
