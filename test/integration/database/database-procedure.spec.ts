import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { hostsMayBeMissing } from '../real-hosts.js';
import { databaseBench } from './database-bench.js';
import type { DatabaseBench } from './database-bench.js';
import { openProcedurePlace } from './procedure-place.js';
import type { ProcedurePlace } from './procedure-place.js';
import type { Cluster } from './watched-cluster.js';

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
      case 'compare-config':
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

describe.skipIf(hostsMayBeMissing)('the database with the code, from the command line', () => {
  let place: ProcedurePlace;
  beforeAll(async () => {
    place = await openProcedurePlace();
    await place.serve('v1.2.0');
  });
  afterAll(async () => {
    await place.close();
  });

  it('is one run of phases, and every row is what it was', async () => {
    const bench = databaseBench(place.cluster);
    bench.dump(bench.backups('old.dump'), '-Fc');
    const was = bench.checksum();
    bench.admin(
      `insert into settings values ('since', 'x'); delete from agent_signals where id < 100`,
    );

    const { result, home, said } = await place.drill(
      withDatabase(place.cluster, bench),
      'database-with-code',
      'v1.1.0',
    );

    expect(result, said).toMatchObject({ outcome: 'rolled-back' });
    expect(new Set(result.steps.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expect(bench.checksum()).toBe(was);
    const journal = await readFile(path.join(home, 'runs', result.runId, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('markets: 500 rows, newest 2026-01-01 08:20:00+00');
  });
});
