import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostsMayBeMissing } from '../real-hosts.js';
import { databaseBench } from './database-bench.js';
import { labDatabaseRunbook } from './lab-runbook.js';
import { openProcedurePlace } from './procedure-place.js';
import type { Drilled, ProcedurePlace } from './procedure-place.js';

/** More of them by the environment, for a database of about 1 kB times so many. */
const moreRows = Number(process.env['LASTGOOD_TEST_DATABASE_ROWS'] ?? '0');
const grown = `insert into agent_signals (recommendation_id, agent, payload, created_at)
  select 1 + n % 500, 'agent-' || n % 7, jsonb_build_object('n', n, 'noise', (select string_agg(md5((n * 32 + m)::text), '') from generate_series(1, 26) m)), '2026-01-04Z'::timestamptz + n * interval '1 millisecond'
  from generate_series(1, ${String(moreRows)}) n`;

const timeoutMs = moreRows > 0 ? 1_800_000 : 120_000;
const tables = ['markets', 'recommendations', 'agent_signals'];
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
    bench.admin(grown);
    const counted = tables.map((table) =>
      bench.admin(
        `set timezone = 'UTC'; select '${table}: ' || count(*) || ' rows, newest ' || max(created_at) from ${table}`,
      ),
    );
    const backups = path.dirname(bench.backups('x'));
    bench.dump(bench.backups('old.dump'), '-Fc');
    const old = bench.checksum();
    bench.admin(since);
    const now = bench.checksum();
    const { port } = place.cluster;
    const runbook = labDatabaseRunbook({ port, database: bench.database, backups, atLeast });
    return { bench, backups, counted, old, now, runbook };
  };

  it.each(['database', 'database-beside'])(
    '%s brings every row of the backup back',
    { timeout: timeoutMs },
    async (id) => {
      const { bench, backups, counted, old, runbook } = prepare(500);

      const drilled = await place.drill(runbook, id, 'old.dump');

      expect(drilled.result, drilled.said).toMatchObject({ outcome: 'rolled-back' });
      expect(new Set(drilled.result.steps.map(({ status }) => status))).toEqual(
        new Set(['succeeded']),
      );
      expect(bench.checksum()).toBe(old);
      const journal = await journalOf(drilled);
      for (const line of counted) {
        expect(journal).toContain(line);
      }
      expect(drilled.said).toMatch(/Predicted loss, counted just now \(.*\):/);
      expect(drilled.said).toMatch(
        /public\.markets: 501 rows now, 500 in the backup \(1 fewer after it\)/,
      );
      expect(drilled.said).toContain(`are in ${backups}/newer-rows-`);
      expect(await place.machine.run('systemctl', 'is-active', 'lab-service')).toBe('active');
    },
  );

  it.each(['database', 'database-beside'])(
    '%s is taken back whole where too few rows came back',
    { timeout: timeoutMs },
    async (id) => {
      const { bench, now, runbook } = prepare(501);

      const drilled = await place.drill(runbook, id, 'old.dump');

      expect(drilled.result, drilled.said).toMatchObject({ outcome: 'rolled-forward' });
      expect(drilled.said).toContain('markets holds 500 rows, fewer than 501');
      expect(drilled.said).toContain('taking it back loses data, namely what they wrote since');
      expect(drilled.said).toMatch(/public\.markets: 0 newer by created_at/);
      expect(bench.checksum()).toBe(now);
      expect(await place.machine.run('systemctl', 'is-active', 'lab-service')).toBe('active');
    },
  );
});
