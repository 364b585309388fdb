import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePort } from '../../connections/ports.js';
import { AbsolutePath } from '../host/names.js';
import { shellCommand } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { LossParams } from './foresee-loss.js';
import { foreseeRestoreUndone } from './foresee-undo.js';
import { judgeMigration } from './judge-migration.js';
import { repairWords } from './migration-history.js';
import { listFolder, problemOfWays, readMigration, waysDown } from './migration-files.js';
import { historySql } from './migration-history.js';
import { migrateScript } from './migrate-script.js';
import { DatabaseName, ServerName, TableName, quoteName, quoteTable, tableOf } from './names.js';
import { defaultLockSeconds, undoRestore, undoWords } from './restore.js';
import { defineToolStep } from './tool-step.js';

const Params = z.strictObject({
  database: DatabaseName,
  /** Holds one file for each version that says how it is taken back, at the place of the programs. */
  folder: AbsolutePath,
  /** The version to end at: it stays, everything after it is taken back. */
  to: z.string().min(1).max(200),
  /** Where the migrations that were made are written down. */
  history: z.strictObject({ table: TableName, column: ServerName }),
  /** For what the server takes outside of a transaction only, like CREATE INDEX CONCURRENTLY: half of it may stay. */
  withoutTransaction: z.enum(['refuse', 'run']),
  freshBackup: AbsolutePath,
  lockSeconds: z.number().positive().max(3_600).optional(),
  loss: LossParams.optional(),
});
type Params = z.infer<typeof Params>;

const Down = z.strictObject({
  version: z.string(),
  path: z.string(),
  sha256: z.string(),
  inTransaction: z.boolean(),
});

/** The schema alone goes back, by the way that its makers wrote down; what those files delete is gone from the tables. */
export const migrateDown = defineToolStep({
  kind: 'postgres.migrate-down',
  risk: 'destroy',
  repeatable: true,
  params: Params,
  before: z.strictObject({
    /** Newest first. */
    downs: z.array(Down),
    /** Every version that was written down, in order. */
    history: z.array(z.string()),
  }),

  describe: ({ database, folder, to }) =>
    `Take back every migration of ${database} after ${to}, newest first, each by its file in ${folder} and in a transaction of its own`,
  commands: ({ database, folder, history }) => [
    shellCommand(
      'psql',
      '-X',
      '-v',
      'ON_ERROR_STOP=1',
      '--single-transaction',
      '-d',
      database,
      '-f',
      `${folder}/VERSION.down.sql`,
      '-c',
      `DELETE FROM ${quoteTable(tableOf(history.table))} WHERE ${quoteName(history.column)}::text = 'VERSION'`,
    ),
  ],
  undoText: (params) => undoWords(params),

  async foresee(params, context) {
    const { downs } = await capture(params, context);
    return {
      about: 'data',
      title: `the migrations of ${params.database}`,
      changes: [],
      carried: [],
      obstacles: [],
      warnings: [
        `Taken back, newest first: ${downs.map(({ version, path }) => `${version} by ${path}`).join(', ') || 'none'}.`,
        'Predicted loss: not known. What these files drop or delete cannot be predicted: only they themselves say it.',
        ...[repairWords(params.history.table)].filter((words) => words !== ''),
      ],
    };
  },
  foreseeUndo: (params, _before, context) => foreseeRestoreUndone(params, context),

  async observe(params, { connections, signal }) {
    const later = await versionsAfter(connections.database(params.database), params, signal);
    return {
      isDone: later.length === 0,
      facts:
        later.length === 0
          ? `${params.to} is the newest version written down.`
          : `Written down after ${params.to}: ${later.join(', ')}.`,
    };
  },
  capture: (params, context) => capture(params, context),

  script: (params, before) =>
    migrateScript(
      {
        history: params.history,
        lockSeconds: params.lockSeconds ?? defaultLockSeconds,
        fresh: params.freshBackup,
        listedAs: listedAs(params),
      },
      before,
    ),
  undoScript: (params) => undoRestore({ ...params, backup: params.freshBackup }, null),
});

/** DATABASE_MIGRATION_UNFIT where one of them has no way down or its file may not be run: known before anything is run. */
async function capture(
  params: Params,
  { connections, signal, emit }: StepContext,
): Promise<{ downs: z.infer<typeof Down>[]; history: string[] }> {
  const port = connections.database(params.database);
  const place = await connections.databaseTools(params.database).place(signal);
  const history = await allVersions(port, params, signal);
  if (!history.includes(params.to)) {
    throw unfit(params, `${params.to} is not written down in ${params.history.table}.`);
  }
  const names = await listFolder(place, params.folder, signal);
  const ways = waysDown(await versionsAfter(port, params, signal), { names, history });
  const problem = problemOfWays(params.folder, ways);
  if (problem !== null) {
    throw unfit(params, problem);
  }
  const downs: z.infer<typeof Down>[] = [];
  for (const { version, files } of ways) {
    const [name = ''] = files;
    const { path, text, sha256 } = await readMigration(place, `${params.folder}/${name}`, signal);
    const judged = judgeMigration(text);
    if (judged.form === 'refused') {
      throw unfit(params, `${path}: ${judged.because}.`);
    }
    if (judged.form === 'alone') {
      if (params.withoutTransaction === 'refuse') {
        throw unfit(params, `${path}: ${judged.because}.`);
      }
      emit(`${path}: ${judged.because}; if it fails half-way, its first half stays`);
    }
    downs.push({ version, path, sha256, inTransaction: judged.form === 'transaction' });
  }
  return { downs, history: [...history] };
}

function listedAs({ history }: Params): string {
  const { schema, name } = tableOf(history.table);
  return `${schema} ${name}`;
}

const unfit = ({ history }: Params, why: string): AppError =>
  new AppError('DATABASE_MIGRATION_UNFIT', `${why} ${repairWords(history.table)}`.trim());

async function allVersions(
  port: DatabasePort,
  { history }: Params,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await port.read(historySql(history), [], signal);
  return rows.map(({ version }) => version ?? '');
}

/** Newest first, in the order of the column's own type. */
async function versionsAfter(
  port: DatabasePort,
  params: Params,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await allVersions(port, params, signal);
  const at = all.indexOf(params.to);
  return at === -1 ? all.toReversed() : all.slice(at + 1).toReversed();
}
