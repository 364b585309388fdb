import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { startCluster, stopCluster } from '../../lab/database/cluster.mjs';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { openMachine } from '../../lab/hosts/hosts.mjs';
import type { Machine } from '../../lab/hosts/machine.mjs';
import { buildCommandLine, lastgood } from '../cli-process.js';
import { realEngine } from '../real-engine.js';
import { hostsMayBeMissing, realHosts } from '../real-hosts.js';
import { databaseBench } from './database-bench.js';
import type { DatabaseBench } from './database-bench.js';

const Result = z.looseObject({
  runId: z.uuid(),
  outcome: z.string(),
  steps: z.array(
    z.looseObject({ id: z.string(), status: z.string(), summary: z.string().optional() }),
  ),
});
const Raw = z.looseObject({
  procedures: z.array(
    z.looseObject({ id: z.string(), steps: z.array(z.looseObject({ id: z.string() })) }),
  ),
  environments: z.array(z.looseObject({ name: z.string() })),
});

const labRunbook = path.resolve(import.meta.dirname, '../../fixtures/hosts/lab-host.yaml');

/** The procedure of the lab's machine with the database between the stop of its writers and its code. */
function withDatabase(cluster: Cluster, bench: DatabaseBench): string {
  const raw = Raw.parse(parse(readFileSync(labRunbook, 'utf8')));
  const [systemd] = raw.procedures;
  const fresh = bench.backups('fresh-{{run.short}}.dump');
  const database = { database: 'main' };
  const backup = bench.backups('old.dump');
  const step = (id: string, kind: string, rest: object, of: object = {}) => ({
    id,
    title: id,
    kind,
    estimateSeconds: 5,
    ...of,
    with: { ...database, ...rest },
  });
  const cutover = { unit: 'cutover' };
  const between = [
    step('end-sessions', 'postgres.end-sessions', { waitSeconds: 1, then: 'end' }, cutover),
    step(
      'backup',
      'postgres.backup',
      { file: fresh, run: '{{run.id}}' },
      { ...cutover, phase: 'Database' },
    ),
    step('restore', 'postgres.restore', { backup, freshBackup: fresh }, cutover),
  ];
  const steps = (systemd?.steps ?? []).flatMap((one) => {
    switch (one.id) {
      case 'check-release':
        return [
          one,
          step('check-backup', 'postgres.check-backup', { backup, for: { what: 'restore' } }),
        ];
      case 'stop':
        return [{ ...one, phase: 'Writers stop' }, ...between];
      case 'switch':
        return [{ ...one, phase: 'Code' }];
      case 'check-health':
        return [
          step(
            'check-counts',
            'postgres.check-counts',
            {
              tables: ['markets', 'recommendations', 'agent_signals'].map((table) => ({
                table,
                newest: 'created_at',
              })),
            },
            { stage: 'verify', unit: 'verification' },
          ),
          one,
        ];
      default:
        return [one];
    }
  });
  const databases = [
    {
      name: 'main',
      host: '127.0.0.1',
      port: cluster.port,
      database: bench.database,
      user: 'app',
      tools: [{ local: true }],
    },
  ];
  return stringify({
    ...raw,
    procedures: [{ ...systemd, id: 'database-with-code', steps }],
    environments: raw.environments
      .filter(({ name }) => name === 'systemd')
      .map((one) => ({ ...one, databases })),
  });
}

/** Every command line on this machine, for as long as `work` takes. */
async function commandLinesWhile<T>(
  work: Promise<T>,
): Promise<{ readonly value: T; readonly seen: string }> {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // It has ended in between.
      }
    }
  }, 20);
  try {
    return { value: await work, seen: [...seen].join('\n') };
  } finally {
    clearInterval(timer);
  }
}

function everyFile(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe.skipIf(hostsMayBeMissing)('the database with the code, from the command line', () => {
  let app: Machine;
  let cluster: Cluster;
  let folder: string;

  beforeAll(async () => {
    await buildCommandLine();
    cluster = await startCluster();
    app = await openMachine(realEngine().socket, 'app');
    folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-database-'));
    const known = path.join(folder, 'known_hosts');
    const config = path.join(folder, 'ssh_config');
    await writeFile(known, `${app.knownHosts.join('\n')}\n`);
    await writeFile(
      config,
      `Host lab-app\n  HostName ${app.address}\n  Port ${String(app.port)}\n  User deploy\n  IdentityFile ${realHosts().keys.lab}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking yes\n`,
    );
    vi.stubEnv('LASTGOOD_SSH_CONFIG', config);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await app.remove();
    await stopCluster(cluster);
    await rm(folder, { recursive: true, force: true });
  });

  it('is one run of phases, and no password is in any file, list of processes or log', async () => {
    const bench = databaseBench(cluster);
    bench.dump(bench.backups('old.dump'), '-Fc');
    const was = bench.checksum();
    bench.admin(
      `insert into settings values ('since', 'x'); delete from agent_signals where id < 100`,
    );
    const runbook = path.join(folder, 'runbook.yaml');
    await writeFile(runbook, withDatabase(cluster, bench));
    const secret = path.join(folder, 'password');
    await writeFile(secret, `${cluster.password}\n`, { mode: 0o600 });
    const home = path.join(folder, 'home');

    const { value, seen } = await commandLinesWhile(
      lastgood(
        home,
        ...[
          'drill',
          '--runbook',
          runbook,
          '--environment',
          'systemd',
          '--procedure',
          'database-with-code',
        ],
        ...[
          '--to',
          'v1.1.0',
          '--watch',
          '1s',
          '--yes',
          '--json',
          '--password-file',
          `main=${secret}`,
        ],
      ),
    );

    expect(value.stdout, value.stderr).not.toBe('');
    const result = Result.parse(JSON.parse(value.stdout));
    expect(result).toMatchObject({ outcome: 'rolled-back' });
    expect(new Set(result.steps.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expect(bench.checksum()).toBe(was);
    const journal = await readFile(path.join(home, 'runs', result.runId, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('markets: 500 rows, newest 2026-01-01 08:20:00+00');
    const written = [everyFile(home), everyFile(bench.at('backups')), value.stdout, value.stderr];
    const log = readFileSync(path.join(cluster.folder, 'server.log'), 'utf8');
    for (const place of [...written, seen, log]) {
      expect(place).not.toContain(cluster.password);
      expect(place).not.toContain(cluster.adminPassword);
    }
    expect(seen).toContain('pg_restore');
  });
});
