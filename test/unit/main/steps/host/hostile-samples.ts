import { z } from 'zod';
import type { Json } from '../../../../../shared/json.js';

const commit = 'a'.repeat(40);
const text = (value: string): string => `/srv/${value}`;

/** Every kind that is a script on a host, with a hostile word in each place that takes a name or a path. */
export const samples: Readonly<
  Record<string, (word: string) => readonly [params: Json, before: Json][]>
> = {
  'host.switch-link': (word) =>
    places({ link: '/srv/link', target: '/srv/target', keepAs: '/srv/kept' }, word, [
      { form: 'link', leadsTo: word },
      { form: 'link', leadsTo: word, linkOwner: '1000:1000' },
      { form: 'folder' },
      { form: 'none' },
    ]),
  'host.restore-file': (word) =>
    places(
      {
        from: '/srv/from',
        to: '/srv/to',
        source: '/srv/from',
        file: '/srv/to',
        keepAs: '/srv/kept',
      },
      word,
      [{ hash: null }, { hash: 'x' }],
    ),
  'systemd.stop': (word) =>
    places({ unit: 'web.service', graceSeconds: 5 }, word, [{ wasActive: true, mainPid: 1 }]),
  'systemd.start': (word) =>
    places({ unit: 'web.service', graceSeconds: 5, release: '/srv/a' }, word, [
      { wasActive: false },
      { wasActive: true, mark: word },
    ]),
  'pm2.stop': (word) => places({ app: 'web', home: '/srv/pm2' }, word, [{ wasOnline: true }]),
  'pm2.replace': (word) =>
    places(
      { app: 'web', home: '/srv/pm2', folder: '/srv/current', ecosystem: 'e.config.cjs' },
      word,
      [{ wasListed: true }],
    ),
  'pm2.save': (word) => places({ app: 'web', home: '/srv/pm2' }, word, [{ hash: 'x' }]),
  'git.stash': (word) =>
    places({ repository: '/srv/repository', run: 'run-1' }, word, [{ wasChanged: true }]),
  'git.checkout': (word) =>
    places({ repository: '/srv/repository', commit }, word, [{ head: commit, branch: word }]),
  'git.build-beside': (word) =>
    places({ repository: '/srv/repository', commit, work: '/srv/work', built: ['dist'] }, word, [
      { wasThere: false },
    ]),
  'git.switch': (word) =>
    places({ repository: '/srv/repository', commit, work: '/srv/work', built: ['dist'] }, word, [
      { head: commit, branch: word },
    ]),
  'npm.install': (word) =>
    places({ folder: '/srv/app', makes: 'node_modules', keepAs: '/srv/kept' }, word, [
      { wasThere: true },
    ]),
  'npm.build': (word) =>
    places({ folder: '/srv/app', makes: 'dist', keepAs: '/srv/kept' }, word, [{ wasThere: true }]),
  'postgres.backup': (word) =>
    databasePlaces({ file: '/srv/now.dump', run: 'run-1', schemas: ['public'] }, word, [
      { wasThere: false },
    ]),
  'postgres.check-backup': (word) =>
    databasePlaces({ ...dumps(word), schemas: ['public'], for: { what: 'restore' } }, word, [
      { tables: [word], facts: word },
    ]),
  'postgres.save-newer-rows': (word) =>
    databasePlaces(
      {
        backup: '/srv/old.dump',
        folder: '/srv/saved',
        tables: [{ table: 'markets', newest: word }],
        run: 'run-1',
      },
      word,
      [{ wasThere: false }],
    ),
  'postgres.restore': (word) =>
    databasePlaces({ ...dumps(word), freshBackup: '/srv/fresh.dump', schemas: ['public'] }, word, [
      { marks: [] },
    ]),
  'postgres.restore-tables': (word) =>
    databasePlaces(
      {
        ...dumps(word),
        freshBackup: '/srv/fresh.dump',
        tables: ['markets'],
        referring: 'refuse',
      },
      word,
      [{ tables: [word], marks: [] }],
    ),
  'postgres.restore-beside': (word) =>
    databasePlaces({ ...dumps(word), into: 'next', parallel: 2, run: 'run-1' }, word, [
      { wasThere: false },
    ]),
  'postgres.migrate-down': (word) =>
    databasePlaces(
      {
        folder: '/srv/migrations',
        to: '1',
        history: { table: 'history', column: word },
        withoutTransaction: 'refuse',
        freshBackup: '/srv/fresh.dump',
      },
      word,
      [
        {
          downs: [{ version: word, path: word, sha256: 'x', inTransaction: true }],
          history: [word],
        },
      ],
    ),
};

const dumps = (word: string) => ({ backup: '/srv/old.dump', takenFrom: word });

function databasePlaces(
  params: Readonly<Record<string, Json>>,
  word: string,
  befores: readonly Json[],
): [Json, Json][] {
  return places(params, word, befores).map(([one, before]) => {
    const { host: _host, ...rest } = z.record(z.string(), z.json()).parse(one);
    return [{ ...rest, database: 'main' }, before];
  });
}

function places(
  params: Readonly<Record<string, Json>>,
  word: string,
  befores: readonly Json[],
): [Json, Json][] {
  const hostile = (value: Json): Json[] => {
    if (Array.isArray(value)) {
      return [[word]];
    }
    return typeof value === 'string' ? [word, text(word)] : [];
  };
  const changed = Object.entries(params).flatMap(([name, value]) =>
    hostile(value).map((bad) => ({ ...params, [name]: bad })),
  );
  return [params, ...changed].flatMap((one) =>
    befores.map((before): [Json, Json] => [{ host: 'app-1', ...one }, before]),
  );
}
