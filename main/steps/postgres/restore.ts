import { z } from 'zod';
import type { ToolPlace } from '../../connections/ports.js';
import { AbsolutePath } from '../host/names.js';
import { look } from '../host/look.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { readMeanwhile } from './dump-script.js';
import { LossParams, foreseeRestore, recordedLoss } from './foresee-loss.js';
import { foreseeRestoreUndone } from './foresee-undo.js';
import { Marks, readMarks, stillWorking } from './marks.js';
import { DatabaseName, SchemaName } from './names.js';
import { restoreScript, restoreWords } from './restore-script.js';
import { inSchemas, namesOf, readContents } from './toc.js';
import { sessionName } from './tool-script.js';
import { defineToolStep } from './tool-step.js';
import { readTransactionNote, settleByTransaction } from './transaction.js';

export const RestoreParams = {
  database: DatabaseName,
  /** In the custom format, at the place of the programs. */
  backup: AbsolutePath,
  /** What its bytes must be. Default: what is noted beside a backup of ours. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex')
    .optional(),
  /** The database it was taken from, where that has another name. */
  takenFrom: z.string().min(1).max(63).optional(),
  /** The backup of the state of now that a step before this one made: it is the way back. */
  freshBackup: AbsolutePath,
  /** It waits for so long for what other sessions hold. */
  lockSeconds: z.number().positive().max(3_600).optional(),
  loss: LossParams.optional(),
};

const Params = z.strictObject({
  ...RestoreParams,
  /** Only these schemas, where the others are the platform's. Default: everything. */
  schemas: z.array(SchemaName).min(1).max(100).optional(),
});
type Params = z.infer<typeof Params>;

export const defaultLockSeconds = 60;
const kind = 'postgres.restore';

/** The most dangerous step there is. It ends whole or untouched, and its way back is the backup made just before. */
export const restore = defineToolStep({
  kind,
  risk: 'destroy',
  repeatable: true,
  params: Params,
  before: z.strictObject({
    marks: Marks,
    /** What it was about to take away, counted before anything of the unit began. */
    loss: z.array(z.string()).default([]),
  }),

  describe: ({ database, backup, schemas }) =>
    `Replace ${schemas === undefined ? 'everything' : `the schemas ${schemas.join(', ')}`} in ${database} by what is in ${backup}, all of it or nothing; what was written since that backup is lost`,
  commands: ({ database, backup, schemas }) => [
    shellCommand('sha256sum', backup),
    shellCommand('pg_restore', ...restoreWords(schemas), '-d', database, backup),
  ],
  undoText: (params) => undoWords(params),

  foresee: (params, context) => foreseeRestore(params, context),
  foreseeUndo: (params, _before, context) => foreseeRestoreUndone(params, context),

  async observe(params, context, before) {
    const { connections, signal } = context;
    const port = connections.database(params.database);
    const marks = before?.marks ?? null;
    if (marks === null) {
      return { isDone: false, facts: 'It has not been begun.' };
    }
    const working = await stillWorking(port, sessionName(kind), signal);
    if (working !== null) {
      return working;
    }
    const place = await connections.databaseTools(params.database).place(signal);
    const id = await readTransactionNote(place, transactionNoteOf(params), signal);
    const seen = await settleByTransaction(port, { id, marks }, signal);
    if (seen.isDone !== true) {
      return seen;
    }
    // What stands behind the commit is part of the step: with other grants the service may not read its own tables.
    return (await isThere(place, doneNoteOf(params), signal))
      ? seen
      : {
          isDone: null,
          facts: `${seen.facts} That its grants and publications were put back was not seen; a retry does that too.`,
        };
  },
  async capture(params, context) {
    // Side by side: the writers may stand still already.
    const [marks, loss] = await Promise.all([
      marksOf(params, context),
      recordedLoss(context, () => foreseeRestore(params, context)),
    ]);
    return { marks, loss };
  },

  meanwhile: ({ backup }) => readMeanwhile(backup),
  script: (params) =>
    restoreScript(
      {
        dump: params.backup,
        sha256: params.sha256 ?? null,
        from: params.takenFrom ?? null,
        schemas: params.schemas ?? null,
        lockSeconds: params.lockSeconds ?? defaultLockSeconds,
        doneNote: doneNoteOf(params),
        transactionNote: transactionNoteOf(params),
      },
      params.database,
    ),
  undoScript: (params) => undoRestore(params, params.schemas ?? null),
});

/** The way back of everything that replaces data, said before it is needed. */
export function undoWords({ freshBackup }: { readonly freshBackup: string }): string {
  return `Restore ${freshBackup}, the backup made just before. Once the writers have been started again, that loses what they wrote since`;
}

export function undoRestore(
  params: z.infer<z.ZodObject<typeof RestoreParams>>,
  schemas: readonly string[] | null,
): string {
  const { database, backup, freshBackup, lockSeconds } = params;
  return restoreScript(
    {
      dump: freshBackup,
      sha256: null,
      from: null,
      schemas,
      lockSeconds: lockSeconds ?? defaultLockSeconds,
      doneNote: doneNoteOf(params),
      // What is looked at later is the step itself, not its way back.
      transactionNote: null,
      takeAway: backup,
    },
    database,
  );
}

/** Named so that no list of backups takes it for one. */
const doneNoteOf = ({ freshBackup }: { readonly freshBackup: string }): string =>
  `${freshBackup}.restored.lastgood`;

const transactionNoteOf = ({ freshBackup }: { readonly freshBackup: string }): string =>
  `${freshBackup}.transaction.lastgood`;

async function isThere(
  { host, as }: ToolPlace,
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  const text = `if [ -e ${shellQuote(file)} ]; then echo yes; fi\n`;
  return (await look(host, { text, as, what: `Looking for ${file}` }, signal)).trim() === 'yes';
}

async function marksOf(params: Params, { connections, signal }: StepContext): Promise<Marks> {
  const place = await connections.databaseTools(params.database).place(signal);
  const { tables } = await readContents(place, params.backup, signal);
  const names = namesOf(inSchemas(tables, params.schemas));
  return readMarks(connections.database(params.database), names, signal);
}
