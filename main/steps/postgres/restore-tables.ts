import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { shellCommand } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { readMeanwhile } from './dump-script.js';
import { foreseeRestore, recordedLoss } from './foresee-loss.js';
import { foreseeRestoreUndone } from './foresee-undo.js';
import { closureOf, missingTables, readReferences, takenAlong, wholeName } from './foreign-keys.js';
import { Marks, readMarks, settleByMarks } from './marks.js';
import { TableName, quoteTable, tableOf } from './names.js';
import { RestoreParams, defaultLockSeconds, undoWords } from './restore.js';
import { tablesScript } from './tables-script.js';
import { sessionName } from './tool-script.js';
import { defineToolStep } from './tool-step.js';

const Params = z.strictObject({
  ...RestoreParams,
  tables: z.array(TableName).min(1).max(200),
  /** What is to happen with tables that refer to these: they cannot keep their rows. */
  referring: z.enum(['refuse', 'take-along']),
});
type Params = z.infer<typeof Params>;

const kind = 'postgres.restore-tables';

/** Rows of chosen tables, by emptying and filling: `pg_restore -t --clean` would lose keys and defaults. */
export const restoreTables = defineToolStep({
  kind,
  risk: 'destroy',
  repeatable: true,
  params: Params,
  before: z.strictObject({
    tables: z.array(z.string()),
    marks: Marks,
    loss: z.array(z.string()).default([]),
  }),

  describe: ({ database, backup, tables, referring }) =>
    `Replace the rows of ${tables.join(', ')} in ${database} by those in ${backup}, all or nothing${referring === 'take-along' ? '; tables that refer to them are taken along' : ''}`,
  commands: ({ database, backup, tables }) => [
    shellCommand(
      'psql',
      '-d',
      database,
      '-c',
      `TRUNCATE ${tables.map((text) => quoteTable(tableOf(text))).join(', ')}`,
    ),
    shellCommand(
      'pg_restore',
      '-w',
      '--data-only',
      ...tables.flatMap((text) => ['-n', tableOf(text).schema, '-t', tableOf(text).name]),
      '-d',
      database,
      backup,
    ),
  ],
  undoText: (params) => undoWords(params),

  async foresee(params, context) {
    const tables = [...(await closure(params, context))];
    return foreseeRestore({ ...params, tables }, context);
  },
  foreseeUndo: (params, { tables }, context) =>
    foreseeRestoreUndone({ ...params, tables }, context),

  async observe({ database }, { connections, signal }, before) {
    const settling = { session: sessionName(kind), before: before?.marks ?? null };
    return settleByMarks(connections.database(database), settling, signal);
  },
  async capture(params, context) {
    const tables = await closure(params, context);
    const port = context.connections.database(params.database);
    return {
      tables: [...tables],
      marks: await readMarks(port, tables, context.signal),
      loss: await recordedLoss(context, () =>
        foreseeRestore({ ...params, tables: [...tables] }, context),
      ),
    };
  },

  meanwhile: ({ backup }) => readMeanwhile(backup),
  script: (params, { tables }) =>
    tablesScript({
      dump: params.backup,
      sha256: params.sha256 ?? null,
      from: params.takenFrom ?? null,
      tables,
      lockSeconds: params.lockSeconds ?? defaultLockSeconds,
    }),
  undoScript: ({ freshBackup, lockSeconds }, { tables }) =>
    tablesScript({
      dump: freshBackup,
      sha256: null,
      from: null,
      tables,
      lockSeconds: lockSeconds ?? defaultLockSeconds,
    }),
});

/** DATABASE_TABLES_REFERRED where other tables refer to the chosen ones and the runbook did not say to take them along. */
async function closure(
  { database, tables, referring }: Params,
  { connections, signal, emit }: StepContext,
): Promise<readonly string[]> {
  const port = connections.database(database);
  const chosen = tables.map(wholeName);
  const missing = await missingTables(port, chosen, signal);
  if (missing.length > 0) {
    throw new AppError('DATABASE_TABLE_MISSING', `${database} has no table ${missing.join(', ')}.`);
  }
  const references = await readReferences(port, signal);
  const along = takenAlong(chosen, references);
  if (along.length > 0 && referring === 'refuse') {
    throw new AppError(
      'DATABASE_TABLES_REFERRED',
      `Other tables would have to be emptied too: ${along.join(', ')}.`,
    );
  }
  along.forEach((text) => {
    emit(`taken along: ${text}`);
  });
  return closureOf(chosen, references);
}
