import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostsMayBeMissing } from '../real-hosts.js';
import { databaseBench } from './database-bench.js';
import { labDatabaseRunbook } from './lab-runbook.js';
import { openProcedurePlace } from './procedure-place.js';
import type { Drilled, ProcedurePlace } from './procedure-place.js';

const counted = {
  markets: 'markets: 500 rows, newest 2026-01-01 08:20:00+00',
  recommendations: 'recommendations: 500 rows, newest 2026-01-02 08:20:00+00',
  agent_signals: 'agent_signals: 1500 rows, newest 2026-01-03 00:25:00+00',
};
const since =
  "insert into settings values ('since', 'x'); delete from agent_signals where id < 100; insert into markets (condition_id, title) values ('new', 'new')";

const journalOf = ({ home, result }: Drilled): Promise<string> =>
  readFile(path.join(home, 'runs', result.runId, 'journal.jsonl'), 'utf8');

describe.skipIf(hostsMayBeMissing)('the built-in procedures, from the command line', () => {
  let place: ProcedurePlace;
  beforeAll(async () => {
    place = await openProcedurePlace();
  });
  afterAll(async () => {
    await place.close();
  });

  const prepare = (atLeast: number) => {
    const bench = databaseBench(place.cluster);
    const backups = path.dirname(bench.backups('x'));
    bench.dump(bench.backups('old.dump'), '-Fc');
    const old = bench.checksum();
    bench.admin(since);
    const now = bench.checksum();
    const { port } = place.cluster;
    const runbook = labDatabaseRunbook({ port, database: bench.database, backups, atLeast });
    return { bench, old, now, runbook };
  };

  it.each(['database', 'database-beside'])('%s brings every row of the backup back', async (id) => {
    const { bench, old, runbook } = prepare(500);

    const drilled = await place.drill(runbook, id, 'old.dump');

    expect(drilled.result, drilled.said).toMatchObject({ outcome: 'rolled-back' });
    expect(new Set(drilled.result.steps.map(({ status }) => status))).toEqual(
      new Set(['succeeded']),
    );
    expect(bench.checksum()).toBe(old);
    const journal = await journalOf(drilled);
    for (const line of Object.values(counted)) {
      expect(journal).toContain(line);
    }
    expect(drilled.said).toContain('Predicted loss');
    expect(await place.machine.run('systemctl', 'is-active', 'lab-service')).toBe('active');
  });

  it.each(['database', 'database-beside'])(
    '%s is taken back whole where too few rows came back',
    async (id) => {
      const { bench, now, runbook } = prepare(501);

      const drilled = await place.drill(runbook, id, 'old.dump');

      expect(drilled.result, drilled.said).toMatchObject({ outcome: 'rolled-forward' });
      expect(drilled.said).toContain('markets holds 500 rows, fewer than 501');
      expect(bench.checksum()).toBe(now);
      expect(await place.machine.run('systemctl', 'is-active', 'lab-service')).toBe('active');
    },
  );
});
