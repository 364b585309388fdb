import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listMigrations } from '../../../main/steps/postgres/migrations.js';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { signal } from '../../unit/main/steps/host/script-bench.js';
import { databaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

/** Versions in a history of their own, in the order in which they were made, and the files that lie in the folder. */
function madeOf(
  versions: readonly string[],
  files: readonly string[],
  { type = 'text', column = 'version' } = {},
) {
  const { admin, at, on, port, tools } = databaseBench(cluster);
  const values = versions.map((version) => `('${version}')`).join(', ');
  admin(`create table made ("${column}" ${type}); alter table made owner to app;
    insert into made values ${values}`);
  const folder = at('migrations');
  for (const name of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), 'select 1;');
  }
  const history = { table: 'public.made', column };
  const step = (to: string) =>
    on('postgres.migrate-down', {
      folder,
      to,
      history,
      withoutTransaction: 'refuse',
      freshBackup: at('fresh.dump'),
    });
  return {
    listed: () => listMigrations({ name: 'main', port, tools }, { folder, history }, signal),
    step,
  };
}

describe('What is said of a migration beforehand is what the step does', () => {
  it.each([
    {
      what: 'whose number has zeros before it in the name of its file',
      files: ['0007_a.down.sql'],
      problem: undefined,
    },
    {
      what: 'whose file lies in a folder with a longer name',
      files: ['7_a/down.sql'],
      problem: undefined,
    },
    {
      what: 'that has two files',
      files: ['7_a.down.sql', '7/down.sql'],
      problem: 'More than one down-migration in ',
    },
    { what: 'that has none', files: ['7_a.up.sql'], problem: 'No down-migration in ' },
  ])('of one $what', async ({ files, problem }) => {
    const { listed, step } = madeOf(['6', '7'], files);

    const [last, target] = await listed();

    expect([last?.version, target?.version]).toEqual(['7', '6']);
    if (problem === undefined) {
      expect(target?.problem).toBe(undefined);
      await expect(step('6').act()).resolves.toMatchObject({
        summary: 'the history ends at 6; 7 is taken back',
      });
    } else {
      expect(target?.problem).toContain(problem);
      await expect(step('6').act()).rejects.toThrow(target?.problem);
    }
  });
  it('in the order of the versions as numbers, where they are numbers', async () => {
    const files = ['8_a.down.sql', '9_b.down.sql', '10_c.down.sql'];
    const { listed, step } = madeOf(['8', '9', '10'], files, { type: 'bigint' });

    expect((await listed()).map(({ version }) => version)).toEqual(['10', '9', '8']);
    await expect(step('9').act()).resolves.toMatchObject({
      summary: 'the history ends at 9; 10 is taken back',
    });
  });
  it('where the column of the history has a name of its own', async () => {
    const { listed, step } = madeOf(['6', '7'], ['7_a.down.sql'], { column: 'Version Id' });

    expect(await listed()).toMatchObject([{ version: '7' }, { version: '6' }]);
    await expect(step('6').act()).resolves.toMatchObject({
      summary: 'the history ends at 6; 7 is taken back',
    });
  });
});
