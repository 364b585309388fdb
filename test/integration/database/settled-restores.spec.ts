import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchOptions } from './database-bench.js';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { watchedCommit } from './watched-commit.js';
import type { WatchedCommit } from './watched-commit.js';
import { inRows, movedOn, slow } from './moved-on.js';
import type { MovedOn } from './moved-on.js';
import { ready } from './ready.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const moved = (prepare = '', options: BenchOptions = {}): MovedOn =>
  movedOn(cluster, prepare, '', options);

const session = 'lastgood restore';
const transactionNote = ({ params }: MovedOn): string =>
  `${params.freshBackup}.transaction.lastgood`;
const doneNote = ({ params }: MovedOn): string => `${params.freshBackup}.restored.lastgood`;

const analysedOnce = 'select bool_and(analyze_count = 1) from pg_stat_user_tables';

/** The restore's commit is held on the line until its number has been noted; then the server commits, and nobody hears it. */
async function committedUnheard(started: MovedOn, acting: Promise<unknown>, lost: WatchedCommit) {
  await ready(lost.isCommitSeen);
  await ready(() => existsSync(transactionNote(started)));
  lost.letGo();
  return acting;
}

describe('A restore that the server has committed while it still works at it', () => {
  it('has its grants back and statistics before its program hears of it, each of them once', async () => {
    const held = await watchedCommit(cluster.port, session, 'is held');
    const world = moved('', { port: held.port });
    const { on, params, admin, said } = world;
    admin('grant select on markets to public');
    const acting = on('postgres.restore', params).act();
    await ready(held.isCommitSeen);
    await ready(() => existsSync(transactionNote(world)));
    expect(existsSync(doneNote(world))).toBe(false);

    held.letGo();

    await ready(() => existsSync(doneNote(world)));
    expect(admin(`select has_table_privilege('public', 'markets', 'select')`)).toBe('t');
    await ready(() => admin(analysedOnce) === 't');
    held.letAnswer();
    await acting;
    expect(admin(analysedOnce)).toBe('t');
    expect(admin(`select count(*) from settings where name = 'since'`)).toBe('0');
    expect(said.join('\n')).not.toContain('the line broke');
  });
});

const places = [
  { place: 'a host', isOnLaptop: false },
  { place: 'this laptop', isOnLaptop: true },
];

describe('A restore whose own line to the server breaks', () => {
  it.each(places)(
    'is not done on $place where it breaks before the commit: the server is asked for that very transaction',
    async ({ isOnLaptop }) => {
      const world = moved(slow, { isOnLaptop });
      const { on, params, checksum, before, admin } = world;
      const step = on('postgres.restore', params);
      const acting = step.act();
      await ready(() => admin(inRows) === '1' && existsSync(transactionNote(world)));
      const id = readFileSync(transactionNote(world), 'utf8').trim();

      admin(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${session}' and datname = current_database()`,
      );

      await expect(acting).rejects.toThrow(
        `the server says that nothing was changed: transaction ${id} was not committed`,
      );
      expect(checksum()).toBe(before);
      step.state = { ...step.state, status: 'unknown', job: 'never-begun' };
      expect(await step.look()).toEqual({
        isDone: false,
        facts: `The server says: transaction ${id} was not committed.`,
      });
      expect(existsSync(doneNote(world))).toBe(false);
    },
  );

  it.each(places)(
    'is done on $place where the answer to its commit is lost, and its grants are put back',
    async ({ isOnLaptop }) => {
      const lost = await watchedCommit(cluster.port, session, 'is lost');
      const world = moved('', { port: lost.port, isOnLaptop });
      const { on, params, checksum, old, said } = world;
      const step = on('postgres.restore', params);

      await committedUnheard(world, step.act(), lost);

      const id = readFileSync(transactionNote(world), 'utf8').trim();
      expect(said.join('\n')).toContain(
        `the line broke, but the server says that it was committed: transaction ${id}`,
      );
      expect(checksum()).toBe(old);
      step.state = { ...step.state, status: 'unknown', job: 'never-begun' };
      expect(await step.look()).toEqual({
        isDone: true,
        facts: `The server says: transaction ${id} was committed.`,
      });
    },
  );

  it('is unknown where the transaction and the tables contradict each other', async () => {
    const world = moved();
    const { on, params, admin } = world;
    const step = on('postgres.restore', params);
    await step.act();
    const aborted = admin('begin; select txid_current(); rollback');
    writeFileSync(transactionNote(world), `${aborted}\n`);
    step.state = { ...step.state, status: 'unknown', job: 'never-begun' };

    const seen = await step.look();
    expect(seen.isDone).toBe(null);
    expect(seen.facts).toContain(
      `transaction ${aborted} was not committed. Its tables contradict that`,
    );
  });

  it.each([
    ['is not known', null],
    ['is one that the server does not know', '999999999999\n'],
  ])('is told by its tables where its number %s', async (_why, note) => {
    const world = moved();
    const step = world.on('postgres.restore', world.params);
    await step.act();
    rmSync(transactionNote(world), { force: true });
    if (note !== null) {
      writeFileSync(transactionNote(world), note);
    }
    step.state = { ...step.state, status: 'unknown', job: 'never-begun' };

    expect(await step.look()).toEqual({
      isDone: true,
      facts: 'The server says: it was committed, every table was made anew.',
    });
  });
});
