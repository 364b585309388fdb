import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { z } from 'zod';
import { openMachine } from '../../lab/hosts/hosts.mjs';
import type { Machine } from '../../lab/hosts/machine.mjs';
import { buildCommandLine, lastgood } from '../cli-process.js';
import { realEngine } from '../real-engine.js';
import { realHosts } from '../real-hosts.js';
import type { Cluster } from './watched-cluster.js';
import { look, searchFiles, startCluster, stopCluster } from './watched-cluster.js';

const Result = z.looseObject({
  runId: z.uuid(),
  outcome: z.string(),
  steps: z.array(
    z.looseObject({ id: z.string(), status: z.string(), summary: z.string().optional() }),
  ),
});

export type Drilled = {
  readonly result: z.infer<typeof Result>;
  readonly home: string;
  readonly said: string;
};

/** A machine with the service on it, a cluster with its database, and the command line that leads to both. */
export type ProcedurePlace = {
  readonly cluster: Cluster;
  readonly machine: Machine;
  readonly folder: string;
  readonly serve: (version: string) => Promise<string>;
  readonly drill: (runbook: string, procedure: string, to: string) => Promise<Drilled>;
  readonly close: () => Promise<void>;
};

export async function openProcedurePlace(): Promise<ProcedurePlace> {
  await buildCommandLine();
  const cluster = await startCluster();
  const machine = await openMachine(realEngine().socket, 'app');
  const serve = (version: string): Promise<string> =>
    machine.run(
      'sh',
      '-c',
      `ln -sfn /opt/lab-service/releases/${version} /opt/lab-service/current && systemctl restart lab-service`,
    );
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-database-'));
  const known = path.join(folder, 'known_hosts');
  const config = path.join(folder, 'ssh_config');
  await writeFile(known, `${machine.knownHosts.join('\n')}\n`);
  await writeFile(
    config,
    `Host lab-app\n  HostName ${machine.address}\n  Port ${String(machine.port)}\n  User deploy\n  IdentityFile ${realHosts().keys.lab}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking yes\n`,
  );
  vi.stubEnv('LASTGOOD_SSH_CONFIG', config);
  // Work on this laptop leaves its files here, so that they can be searched.
  vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  const secret = path.join(folder, 'password');
  await writeFile(secret, `${cluster.password}\n`, { mode: 0o600 });
  // Its newest version is sick by itself; what a database brings back is seen with one that serves.
  await serve('v1.1.0');
  let runs = 0;
  return {
    cluster,
    machine,
    folder,
    serve,
    drill: async (text, procedure, to) => {
      runs += 1;
      const home = path.join(folder, `home-${String(runs)}`);
      const runbook = path.join(folder, `runbook-${String(runs)}.yaml`);
      await writeFile(runbook, text);
      const { stdout, stderr } = await lastgood(
        home,
        ...['drill', '--runbook', runbook, '--environment', 'systemd', '--procedure', procedure],
        ...['--to', to, '--watch', '1s', '--yes', '--json', '--password-file', `main=${secret}`],
      );
      look('what the command line said', stdout + stderr);
      searchFiles(home);
      if (stdout === '') {
        throw new Error(stderr);
      }
      return { result: Result.parse(JSON.parse(stdout)), home, said: stdout + stderr };
    },
    close: async () => {
      vi.unstubAllEnvs();
      await machine.remove();
      await rm(secret);
      searchFiles(folder);
      await stopCluster(cluster);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
