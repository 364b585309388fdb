import { z } from 'zod';
import { RunName } from '../host/accounts.js';
import { AbsolutePath } from '../host/names.js';
import { shellCommand } from '../shell-quote.js';
import { besideScript, dropBesideScript } from './beside-script.js';
import { DatabaseName, ServerName } from './names.js';
import { mustAllowSwap } from './swap-allowed.js';
import { defineToolStep } from './tool-step.js';

const Params = z.strictObject({
  database: DatabaseName,
  backup: AbsolutePath,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  takenFrom: z.string().min(1).max(63).optional(),
  /** The name of the database to restore into. Nothing of that name may be there yet. */
  into: ServerName,
  /** How many tables and indexes at a time. */
  parallel: z.int().min(1).max(64),
  run: RunName,
});

/** A second database while the first one serves: what takes long, and what can fail, takes nobody's service away. */
export const restoreBeside = defineToolStep({
  kind: 'postgres.restore-beside',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasThere: z.boolean() }),

  describe: ({ database, backup, into, parallel }) =>
    `Restore ${backup} into the new database ${into} beside ${database}, ${parallel} jobs at a time, while ${database} goes on serving`,
  commands: ({ backup, into, parallel }) => [
    shellCommand('createdb', '-T', 'template0', into),
    shellCommand(
      'pg_restore',
      '-w',
      '--exit-on-error',
      '-j',
      String(parallel),
      '--no-subscriptions',
      '-d',
      into,
      backup,
    ),
    shellCommand('psql', '-d', into, '-c', 'ANALYZE'),
  ],
  undoText: ({ into }) => `Remove the new database ${into}, unless it serves by then`,

  async observe({ database, into, run }, { connections, signal }) {
    const rows = await connections
      .database(database)
      .read(
        `select coalesce(shobj_description(oid, 'pg_database'), '') as words from pg_catalog.pg_database where datname = $1`,
        [into],
        signal,
      );
    const words = rows[0]?.['words'];
    if (words === undefined || words === null) {
      return { isDone: false, facts: `There is no database ${into}.` };
    }
    const isReady = words === readyWords(run);
    return {
      isDone: isReady,
      facts: `${into} is there${isReady ? ' and complete' : ', not complete'}.`,
    };
  },
  async capture(params, { connections, signal }) {
    const port = connections.database(params.database);
    await mustAllowSwap(port, signal);
    const rows = await port.read(
      'select 1 as one from pg_catalog.pg_database where datname = $1',
      [params.into],
      signal,
    );
    return { wasThere: rows.length > 0 };
  },

  script: (params) =>
    besideScript({
      dump: params.backup,
      sha256: params.sha256 ?? null,
      from: params.takenFrom ?? null,
      into: params.into,
      parallel: params.parallel,
      building: buildingWords(params.run),
      ready: readyWords(params.run),
    }),
  undoScript: ({ into, run }) => dropBesideScript(into, [buildingWords(run), readyWords(run)]),
});

/** Until it is swapped in, the new database says by its comment whose it is. */
export const buildingWords = (run: string): string => `lastgood is restoring this for run ${run}`;
export const readyWords = (run: string): string => `lastgood has restored this for run ${run}`;
