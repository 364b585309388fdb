import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../lab/database/cluster.mjs';
import { run } from '../../unit/main/steps/host/script-bench.js';
import { SmallDisk } from '../small-disk.js';
import { databaseBench } from './database-bench.js';
import type { DatabaseBench } from './database-bench.js';
import { startCluster, stopCluster } from './watched-cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(async () => {
  await stopCluster(cluster);
});

const tables = ['markets', 'recommendations', 'agent_signals', 'settings', 'schema_migrations'];

type Bad = {
  readonly name: string;
  /** Makes the file, or spoils the good one that lies there. */
  readonly spoil: (file: string, bench: DatabaseBench) => void;
  readonly says: RegExp;
  /** What only reading it to its end shows; the restore itself then fails half-way, and takes everything back. */
  readonly isSeenByReading?: boolean;
};

const patch = (file: string, change: (bytes: Buffer) => Buffer): void => {
  writeFileSync(file, change(readFileSync(file)));
};

const bads: readonly Bad[] = [
  {
    name: 'one that is not there',
    spoil: (file) => {
      rmSync(file);
    },
    says: /there is no backup/,
  },
  {
    name: 'an empty one',
    spoil: (file) => {
      truncateSync(file, 0);
    },
    says: /is empty/,
  },
  {
    name: 'a truncated one',
    spoil: (file) => {
      truncateSync(file, readFileSync(file).length - 20_000);
    },
    says: /cannot be read to its end|end of file/,
    isSeenByReading: true,
  },
  {
    name: 'one with a broken block of data',
    spoil: (file) => {
      patch(file, (bytes) => bytes.fill(0x55, bytes.length - 30_000, bytes.length - 29_000));
    },
    says: /cannot be read to its end|could not uncompress|error/,
    isSeenByReading: true,
  },
  {
    name: 'one in a format that is too new',
    spoil: (file) => {
      patch(file, (bytes) => {
        bytes[6] = 99;
        return bytes;
      });
    },
    says: /unsupported version/,
  },
  {
    name: 'one of a newer server',
    spoil: (file) => {
      patch(file, (bytes) => {
        bytes.write('99', bytes.indexOf(`${String(cluster.major)}.`));
        return bytes;
      });
    },
    says: /newer than this server/,
  },
  {
    name: 'plain SQL with commands for psql in it',
    spoil: (file, bench) => {
      writeFileSync(
        file,
        `-- PostgreSQL database dump\n\\! touch ${bench.at('injected')}\nSELECT 1;\n`,
      );
    },
    says: /is plain SQL/,
  },
  {
    name: 'plain SQL of pg_dump',
    spoil: (file, bench) => {
      bench.dump(file, '-Fp');
    },
    says: /is plain SQL/,
  },
  {
    name: 'one in the tar format',
    spoil: (file, bench) => {
      bench.dump(file, '-Ft');
    },
    says: /no dump in the custom format/,
  },
  {
    name: 'the list of contents of one in the directory format',
    spoil: (file, bench) => {
      const folder = `${file}.d`;
      bench.dump(folder, '-Fd');
      copyFileSync(`${folder}/toc.dat`, file);
      rmSync(folder, { recursive: true });
    },
    says: /no dump in the custom format/,
  },
  {
    name: 'a folder',
    spoil: (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    says: /is not a file/,
  },
  {
    name: "somebody else's",
    spoil: (file, bench) => {
      bench.admin(`create database other_${bench.database}`);
      rmSync(file);
      databaseDump(bench, file);
    },
    says: /is of the database/,
  },
];

function databaseDump(bench: DatabaseBench, file: string): void {
  bench.dump(file, '-Fc', '-d', `other_${bench.database}`);
}

describe.each(bads)('As a backup, $name', ({ spoil, says, isSeenByReading }) => {
  it('is refused or taken back, and the database is what it was', async () => {
    const bench = databaseBench(cluster);
    const file = bench.dump(bench.backups('old.dump'), '-Fc');
    spoil(file, bench);
    bench.admin(`insert into settings values ('since', 'x')`);
    const before = bench.checksum();
    const params = { backup: file, freshBackup: bench.backups('fresh.dump') };

    await expect(
      bench.on('postgres.check-backup', { backup: file, for: { what: 'restore' } }).act(),
    ).rejects.toThrow(says);
    await expect(bench.on('postgres.restore', params).act()).rejects.toThrow(
      isSeenByReading === true ? /nothing was changed/ : says,
    );
    if (isSeenByReading === true) {
      const some = { ...params, tables, referring: 'refuse' };
      await expect(bench.on('postgres.restore-tables', some).act()).rejects.toThrow(
        /nothing was changed/,
      );
    }

    expect(bench.checksum()).toBe(before);
    expect(existsSync(bench.at('injected'))).toBe(false);
  });
});

describe('A backup that was changed since it was made', () => {
  it('is known by its checksum before anything is touched', async () => {
    const bench = databaseBench(cluster);
    const file = bench.backups('old.dump');
    await bench.on('postgres.backup', { file, run }).act();
    patch(file, (bytes) => {
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return bytes;
    });
    const before = bench.checksum();

    await expect(
      bench.on('postgres.restore', { backup: file, freshBackup: file }).act(),
    ).rejects.toThrow(/was changed since it was made/);

    expect(bench.checksum()).toBe(before);
  });

  it('is not taken from another server, however its database is called', async () => {
    const bench = databaseBench(cluster);
    const file = bench.backups('old.dump');
    await bench.on('postgres.backup', { file, run }).act();
    patch(`${file}.lastgood`, (bytes) =>
      Buffer.from(bytes.toString().replace(/identity=.*/, 'identity=7000000000000000000')),
    );

    await expect(
      bench.on('postgres.restore', { backup: file, freshBackup: file }).act(),
    ).rejects.toThrow(/on another server/);
  });
});

describe('A disk that fills up during the backup', () => {
  it('leaves no file behind, and says so', async () => {
    const bench = databaseBench(cluster);
    bench.admin(
      `insert into agent_signals (recommendation_id, agent, payload) select 1, 'noise', to_jsonb(md5(random()::text) || md5(random()::text)) from generate_series(1, 75000)`,
    );
    const disk = new SmallDisk('3m');
    try {
      const step = bench.on('postgres.backup', { file: `${disk.folder}/now.dump`, run });

      await expect(step.act()).rejects.toThrow(/there is no backup|no backup was made/);

      expect(readdirSync(disk.folder)).toEqual([]);
    } finally {
      disk.dispose();
    }
  });
});
