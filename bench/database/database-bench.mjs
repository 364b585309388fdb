/** Backup, restore in place and restore beside with a swap, on a database of 1 GB, beside plain pg_dump and pg_restore. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runChild } from '../../scripts/lib/child.mjs';
import { inCheckout } from '../../scripts/lib/places.mjs';
import { startCluster, stopCluster } from '../../test/lab/database/cluster.mjs';
import { FullMemory } from '../lib/memory.mjs';
import { figureText, goalTable, ratioText, table } from '../lib/report.mjs';
import { rotated, spread } from '../lib/statistics.mjs';
import { until } from '../lib/time.mjs';
import { buildParts } from './build.mjs';

const run = promisify(execFile);

/** Some 1.4 kB each, with what refers to it and the indexes. */
const ROWS = Number(process.env['LASTGOOD_BENCH_ROWS'] ?? 750_000);
const RUN = '7f3a0000-0000-4000-8000-00000000';
const RATIO_LIMIT = 1.05;
const SWAP_LIMIT = 0.1;

/** @typedef {import('../../test/lab/database/cluster.mjs').Cluster} Cluster */

/** @type {Record<string, string>} */
const tasks = {
  'plain-dump': 'pg_dump -Fc (peer)',
  'proven-dump': 'pg_dump -Fc -Z 1, then read to its end and its checksum made (the same work)',
  backup: 'Lastgood: backup, read to its end, with its checksum',
  'plain-restore': 'pg_restore --clean --if-exists (peer)',
  'whole-restore': 'pg_restore in one transaction, then analysed (the same promise)',
  'foresee-restore': 'Lastgood: the loss counted for its approval, before anything stops',
  restore:
    'Lastgood: restore in one transaction, from its approval: checked, grants and statistics put back',
  beside: 'Lastgood: restore beside, while the old one serves',
  'foresee-swap': 'Lastgood: the loss counted for its approval, before anything stops',
  swap: 'Lastgood: swap, from its approval (the whole time without the database)',
  loss: 'Lastgood: the preview of a backup: read to its end, its rows and those of now counted',
};

/** @param {{ electron: string, rounds: number, isKernelKept: boolean, say: (line: string) => void }} options */
export async function benchDatabase({ electron, rounds, isKernelKept, say }) {
  const parts = inCheckout('test-results', `bench-database-${process.pid}`);
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-bench-database-'));
  const cluster = await startCluster();
  const memory = new FullMemory(inCheckout('test-results', `bench-memory-${process.pid}`), {
    isKernelKept,
  });
  try {
    await buildParts(parts);
    const size = await fill(cluster);
    say(`the database holds ${Math.round(size / 1e6)} MB`);
    const dump = join(folder, 'old.dump');
    await tool(cluster, 'pg_dump', ['-Fc', '-d', 'tradewizard', '-f', dump]);
    /** @type {Measurement[]} */
    const measurements = [];
    for (let round = 0; round < rounds; round += 1) {
      const world = { electron, parts, folder, cluster, memory, dump, round };
      for (const pair of rotated(
        [
          ['plain-dump', 'proven-dump', 'backup'],
          ['plain-restore', 'whole-restore', 'restore'],
          ['beside', 'swap'],
          ['loss'],
        ],
        round,
      )) {
        for (const task of pair[0] === 'beside' ? pair : rotated(pair, round)) {
          const measured = await measure(task, world);
          say(`${task}: ${Math.round(measured.milliseconds)} ms`);
          measurements.push({ task, round, ...measured });
          if (typeof measured.foreseenIn === 'number') {
            measurements.push({
              task: `foresee-${task}`,
              round,
              milliseconds: measured.foreseenIn,
            });
          }
        }
      }
      await forget(cluster, round);
    }
    return { ...reportOf(measurements, size, memory.text), measurements };
  } finally {
    memory.close();
    await stopCluster(cluster);
    rmSync(folder, { recursive: true, force: true });
    rmSync(parts, { recursive: true, force: true });
  }
}

/** @param {Cluster} cluster */
async function fill(cluster) {
  const sql = `insert into markets (condition_id, title, volume) select 'bench-' || n, 'Market ' || n, n from generate_series(1, ${ROWS}) n;
insert into recommendations (market_id, action, confidence) select id, 'hold', 0.5 from markets where condition_id like 'bench-%';
insert into agent_signals (recommendation_id, agent, payload) select r.id, 'agent-' || n, jsonb_build_object('n', n, 'noise', md5(r.id::text || n) || md5(n::text || r.id) || repeat(md5(r.id::text), 4)) from recommendations r cross join generate_series(1, 3) n;
checkpoint; analyze;`;
  await psql(cluster, 'tradewizard', sql);
  const { stdout } = await psql(
    cluster,
    'tradewizard',
    'select pg_database_size(current_database())',
  );
  return Number(stdout);
}

/**
 * By the same address as Lastgood, with the same password, likewise without TLS.
 * @param {Cluster} cluster @param {string} program @param {readonly string[]} args
 */
const tool = ({ bin, port, adminPassword }, program, args) =>
  run(join(bin, program), ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', ...args], {
    maxBuffer: 64e6,
    env: { PATH: '/usr/bin:/bin', PGPASSWORD: adminPassword, PGSSLMODE: 'disable' },
  });

/** @param {Cluster} cluster @param {string} file */
async function provenDump(cluster, file) {
  await tool(cluster, 'pg_dump', ['-Fc', '-Z', '1', '-d', 'tradewizard', '-f', file]);
  await Promise.all([
    run(join(cluster.bin, 'pg_restore'), ['-f', '/dev/null', file]),
    run('sha256sum', [file]),
  ]);
}

/** @param {Cluster} cluster @param {string} dump */
async function wholeRestore(cluster, dump) {
  const words = ['--single-transaction', '--exit-on-error', '--clean', '--if-exists'];
  await tool(cluster, 'pg_restore', [...words, '-d', 'tradewizard', dump]);
  await psql(cluster, 'tradewizard', 'analyze');
}

/** @param {Cluster} cluster @param {string} database @param {string} sql */
const psql = (cluster, database, sql) =>
  tool(cluster, 'psql', ['-d', database, '-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', sql]);

/** @typedef {{ milliseconds: number, foreseenIn?: number | null, summary?: string, lines?: readonly { at: number, text: string }[] }} Measured */
/** @typedef {Measured & { task: string, round: number }} Measurement */
/** @typedef {{ electron: string, parts: string, folder: string, cluster: Cluster, memory: FullMemory, dump: string, round: number }} World */

/** @param {string} task @param {World} world @returns {Promise<Measured>} */
async function measure(task, world) {
  const { folder, cluster, memory, dump, round } = world;
  const file = join(folder, `${task}-${round}.dump`);
  const id = `${RUN}${String(round).padStart(4, '0')}`;
  await settle(cluster);
  await memory.fill();
  switch (task) {
    case 'plain-dump':
      return timed(() => tool(cluster, 'pg_dump', ['-Fc', '-d', 'tradewizard', '-f', file]));
    case 'proven-dump':
      return timed(() => provenDump(cluster, file));
    case 'backup':
      return step(world, 'postgres.backup', { file, run: id });
    case 'plain-restore':
      return timed(() =>
        tool(cluster, 'pg_restore', ['--clean', '--if-exists', '-d', 'tradewizard', dump]),
      );
    case 'whole-restore':
      return timed(() => wholeRestore(cluster, dump));
    case 'loss':
      return step(world, 'loss', { backup: dump });
    case 'restore':
      return step(world, 'postgres.restore', { backup: dump, freshBackup: dump });
    case 'beside':
      return step(world, 'postgres.restore-beside', {
        backup: dump,
        into: `next_${round}`,
        parallel: 2,
        run: id,
      });
    default:
      return step(world, 'postgres.swap', {
        next: `next_${round}`,
        keepAs: `before_${round}`,
        run: id,
      });
  }
}

/**
 * One contestant must not pay for what the one before it left: rows that the server's autovacuum works on, memory that is
 * still to be written to the disk.
 * @param {Cluster} cluster
 */
async function settle(cluster) {
  await psql(cluster, 'tradewizard', 'vacuum analyze');
  const workers = `select count(*) from pg_stat_activity where backend_type = 'autovacuum worker'`;
  await until(async () => (await psql(cluster, 'postgres', workers)).stdout.trim() === '0', {
    what: 'The end of the autovacuum',
    timeoutMs: 120_000,
  });
  await psql(cluster, 'postgres', 'checkpoint');
  await run('sync');
}

/** @param {() => Promise<unknown>} work @returns {Promise<Measured>} */
async function timed(work) {
  const start = performance.now();
  await work();
  return { milliseconds: performance.now() - start };
}

/** @param {World} world @param {string} kind @param {object} params @returns {Promise<Measured>} */
async function step({ electron, parts, cluster }, kind, params) {
  const environment = {
    name: 'bench',
    tier: 'staging',
    url: 'http://localhost:3000',
    engines: [],
    variables: {},
    databases: [
      {
        name: 'main',
        host: '127.0.0.1',
        port: cluster.port,
        database: 'tradewizard',
        user: 'postgres',
        tools: [{ local: true }],
      },
    ],
  };
  const request = {
    kind,
    params: { database: 'main', ...params },
    environment,
    password: cluster.adminPassword,
  };
  const program = fileURLToPath(new URL('step.mjs', import.meta.url));
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { exitCode, stdout } = await runChild(electron, [program, parts, JSON.stringify(request)], {
    env,
    stdout: 'capture',
  });
  if (exitCode !== 0) {
    throw new Error(`${kind} failed.`);
  }
  return JSON.parse(stdout);
}

/** Each round begins with one database. @param {Cluster} cluster @param {number} round */
async function forget(cluster, round) {
  await psql(cluster, 'postgres', `drop database before_${round}`);
}

/** @param {readonly { task: string, milliseconds: number }[]} measurements @param {number} size @param {string} about */
function reportOf(measurements, size, about) {
  const of = (/** @type {string} */ task) =>
    spread(measurements.filter((one) => one.task === task).map(({ milliseconds }) => milliseconds));
  const peers = /** @type {Record<string, string>} */ ({
    'proven-dump': 'plain-dump',
    backup: 'plain-dump',
    'whole-restore': 'plain-restore',
    restore: 'plain-restore',
    beside: 'plain-restore',
    swap: 'restore',
  });
  const rows = Object.entries(tasks).map(([task, name]) => {
    const peer = peers[task];
    return [
      name,
      figureText(of(task), 'ms'),
      peer === undefined
        ? ''
        : ratioText(
            of(task).median,
            of(peer).median,
            task === 'swap' ? 'the restore in place' : 'the peer',
          ),
    ];
  });
  const goals = [
    goal('backup', of('backup').median, of('plain-dump').median, RATIO_LIMIT),
    goal('restore in place', of('restore').median, of('plain-restore').median, RATIO_LIMIT),
    goal('downtime of the swap', of('swap').median, of('restore').median, SWAP_LIMIT),
  ];
  return {
    text: `${about}\n\n${table([`${Math.round(size / 1e6)} MB`, 'time', 'ratio'], rows)}\n\n${goalTable(goals)}`,
    goals,
  };
}

/** @param {string} name @param {number} measured @param {number} peer @param {number} limit */
function goal(name, measured, peer, limit) {
  return {
    name,
    measured,
    limit: peer * limit,
    unit: 'ms',
    ratio: ratioText(measured, peer, 'the peer'),
  };
}
