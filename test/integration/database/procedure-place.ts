import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { z } from 'zod';
import { startCluster, stopCluster } from '../../lab/database/cluster.mjs';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { openMachine } from '../../lab/hosts/hosts.mjs';
import type { Machine } from '../../lab/hosts/machine.mjs';
import { buildCommandLine, lastgood } from '../cli-process.js';
import { realEngine } from '../real-engine.js';
import { realHosts } from '../real-hosts.js';

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
  readonly drill: (runbook: string, procedure: string, to: string) => Promise<Drilled>;
  readonly close: () => Promise<void>;
};

export async function openProcedurePlace(): Promise<ProcedurePlace> {
  await buildCommandLine();
  const cluster = await startCluster();
  const machine = await openMachine(realEngine().socket, 'app');
  // Its newest version is sick by itself; what a database brings back is seen with one that serves.
  await machine.run(
    'sh',
    '-c',
    'ln -sfn /opt/lab-service/releases/v1.1.0 /opt/lab-service/current && systemctl restart lab-service',
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
  const secret = path.join(folder, 'password');
  await writeFile(secret, `${cluster.password}\n`, { mode: 0o600 });
  let runs = 0;
  return {
    cluster,
    machine,
    folder,
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
      if (stdout === '') {
        throw new Error(stderr);
      }
      return { result: Result.parse(JSON.parse(stdout)), home, said: stdout + stderr };
    },
    close: async () => {
      vi.unstubAllEnvs();
      await machine.remove();
      await stopCluster(cluster);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
