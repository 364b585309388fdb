import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { breakingLine } from './breaking-line.js';
import type { Break } from './breaking-line.js';
import { good, history, migratedOn } from './migrated.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const newest = '20260501000000';
const older = '20260401000000';

async function migratedOver(
  plan: Omit<Break, 'session'>,
  files: Readonly<Record<string, string>> = good,
) {
  const line = await breakingLine(cluster.port, { session: 'lastgood migrate-down', ...plan });
  return { ...migratedOn(cluster, files, line.port), line };
}

describe('Migrations taken back over a line that breaks', () => {
  it('claim nothing of one whose commit is not answered while the server stays away', async () => {
    const { on, params, line } = await migratedOver({
      at: 'commit;\0',
      afterwards: 'nobody answers',
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      new RegExp(
        `${newest}: psql ended before the server had answered\\. Then the database does not answer \\(psql: .*\\), so nobody knows whether it is taken back; before it none was taken back\\. Look before you go on`,
      ),
    );

    expect(line.isBroken()).toBe(true);
  });

  it('say which are known to be taken back where the server is gone when the next one is looked at', async () => {
    const { on, params, admin } = await migratedOver({
      at: 'commit;\0',
      behindItsAnswer: true,
      afterwards: 'nobody answers',
    });

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      new RegExp(
        `${older}: the database does not answer \\(psql: .*\\), so nobody knows whether it is taken back; ${newest} is taken back\\. Look before you go on`,
      ),
    );

    expect(admin(history)).toBe(`20260101000000 20260301000000 ${older}`);
  });

  it('go on where the server says that the one whose answer was lost is taken back', async () => {
    const { on, params, admin, said } = await migratedOver({
      at: 'commit;\0',
      afterwards: 'all is well',
    });

    const { summary } = await on('postgres.migrate-down', params).act();

    expect(summary).toBe(
      `the history ends at 20260301000000; ${older} is taken back; ${newest} is taken back`,
    );
    expect(said.join('\n')).toContain('but the server says that it is taken back');
    expect(admin(history)).toBe('20260101000000 20260301000000');
  });

  it('end what the server still works at before they say that nothing of it was kept', async () => {
    const { on, params, admin, checksum } = await migratedOver(
      { at: 'commit;\0', afterwards: 'all is well' },
      { ...good, [`${newest}_notes.down.sql`]: 'drop table notes; insert into slow values (1);' },
    );
    admin(`create table slow (id int); alter table slow owner to app;
      create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(4); return null; end $$;
      create constraint trigger slow after insert on slow deferrable initially deferred for each row execute function slowly()`);
    const before = checksum();

    await expect(on('postgres.migrate-down', params).act()).rejects.toThrow(
      'Nothing of it was kept',
    );

    admin('select pg_sleep(5)');
    expect(checksum()).toBe(before);
  });

  it.each([
    {
      afterwards: 'nobody answers',
      says: /failed: psql ended before the server had answered\. Then the database does not answer \(psql: .*\), so nobody knows how much of /,
    },
    {
      afterwards: 'all is well',
      says: /failed: psql ended before the server had answered\. It is no longer in the history, but nobody knows whether all of /,
    },
  ] as const)(
    'say of one outside of a transaction what is known of it, where then $afterwards',
    async ({ afterwards, says }) => {
      const { on, params } = await migratedOver(
        { at: 'delete from', afterwards },
        {
          ...good,
          [`${newest}_notes.down.sql`]:
            'drop table notes; create index concurrently by_title on markets (title);',
        },
      );

      await expect(
        on('postgres.migrate-down', { ...params, withoutTransaction: 'run' }).act(),
      ).rejects.toThrow(says);
    },
  );
});
