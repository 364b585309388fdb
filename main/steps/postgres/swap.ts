import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePort } from '../../connections/ports.js';
import { RunName } from '../host/accounts.js';
import { AbsolutePath } from '../host/names.js';
import { shellCommand } from '../shell-quote.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { LossParams, clockOf, recordedLoss } from './foresee-loss.js';
import { foreseeSwap } from './foresee-swap.js';
import { newerLines } from './foresee-undo.js';
import { DatabaseName, ServerName, quoteName, quoteText } from './names.js';
import { readyWords } from './restore-beside.js';
import { swapNames } from './swap-names.js';
import { mustAllowSwap } from './swap-allowed.js';

const Params = z.strictObject({
  database: DatabaseName,
  /** The database that was restored beside it. */
  next: ServerName,
  /** The name under which the old one is kept: it is the backup. */
  keepAs: ServerName,
  run: RunName,
  /** Of what `next` was made: by it the rows are counted that are newer. */
  backup: AbsolutePath.optional(),
  loss: LossParams.optional(),
});
type Params = z.infer<typeof Params>;

const Before = z.strictObject({
  /** What the application connects to. */
  name: z.string(),
  /** The server's numbers for the two: names change, these do not. */
  oldOid: z.string(),
  newOid: z.string(),
  comment: z.string().nullable(),
  /** By the server's clock, before anything of the unit began. */
  at: z.string().nullable().default(null),
  loss: z.array(z.string()).default([]),
});

/** The short moment: the new database takes the name of the old one, which is kept whole under another. */
export const swapDatabases = defineStep({
  kind: 'postgres.swap',
  risk: 'destroy',
  repeatable: true,
  params: Params,
  before: Before,

  describe: ({ database, next, keepAs }) =>
    `End every session on ${database}, keep it as ${keepAs} and let ${next} take its name; what was written to it since the backup is in ${keepAs} alone`,
  commands: ({ database, next, keepAs }) => [
    shellCommand(
      'psql',
      '-d',
      'postgres',
      '-c',
      `BEGIN; ALTER DATABASE ${quoteName(database)} RENAME TO ${quoteName(keepAs)}; ALTER DATABASE ${quoteName(next)} RENAME TO ${quoteName(database)}; COMMIT`,
    ),
  ],
  undoText: ({ database, next, keepAs }) =>
    `Give ${database} its old database back from ${keepAs}. What was written since the swap is lost to the application; it is in ${next} until that is removed`,

  foresee: (params, context) => foreseeSwap(params, context),
  async foreseeUndo({ database, loss }, { at }, { connections, signal }) {
    return at === null
      ? ['Nobody can say how many: the moment of the swap was not noted.']
      : newerLines(connections.database(database), { loss }, at, signal);
  },

  async observe(params, context, before) {
    if (before === null) {
      return { isDone: false, facts: 'It has not been begun.' };
    }
    const { oid } = await seeNamed(context, params, before.name);
    return oid === before.newOid
      ? { isDone: true, facts: `${before.name} is the restored database.` }
      : {
          isDone: oid === before.oldOid ? false : null,
          facts:
            oid === before.oldOid
              ? `${before.name} is still the old database.`
              : `${before.name} is neither the old nor the restored database.`,
        };
  },

  async capture(params, context) {
    const port = context.connections.database(params.database);
    await mustAllowSwap(port, context.signal);
    const { database: name } = await port.info(context.signal);
    const old = await seeNamed(context, params, name);
    const next = await seeNamed(context, params, params.next);
    const kept = await seeNamed(context, params, params.keepAs);
    if (next.oid === null || next.comment !== readyWords(params.run)) {
      throw new AppError(
        'DATABASE_SWAP_IMPOSSIBLE',
        `${params.next} was not restored to its end by this run.`,
      );
    }
    if (kept.oid !== null) {
      throw new AppError(
        'DATABASE_SWAP_IMPOSSIBLE',
        `There is a database ${params.keepAs} already.`,
      );
    }
    return {
      name,
      oldOid: old.oid ?? '',
      newOid: next.oid,
      comment: old.comment,
      at: await clockOf(port, context.signal),
      // The service stands still already, and the old database is kept whole: it can be counted at leisure.
      loss: await recordedLoss(context, () => foreseeSwap(params, context), { mayBeOld: true }),
    };
  },

  async act({ database, next, keepAs }, { name, comment, newOid }, context) {
    const port = context.connections.database(database);
    const words = comment === null ? 'NULL' : quoteText(comment);
    const { oid } = await seeNamed(context, { database }, name);
    if (oid === newOid) {
      return;
    }
    await swapNames(
      port,
      {
        from: name,
        to: keepAs,
        next,
        then: [`comment on database ${quoteName(name)} is ${words}`],
      },
      context,
    );
  },

  async verify(params, { name, newOid }, context) {
    const { oid } = await seeNamed(context, params, name);
    if (oid !== newOid) {
      throw new AppError('DATABASE_SWAP_IMPOSSIBLE', `${name} is not the restored database.`);
    }
    await context.connections.database(params.database).read('select 1 as one', [], context.signal);
    return `${name} is the restored database and answers; the old one is kept as ${params.keepAs}`;
  },

  async undo({ database, next, keepAs, run }, { name, oldOid }, context) {
    const port = context.connections.database(database);
    const { oid } = await seeNamed(context, { database }, name);
    if (oid === oldOid) {
      return `${name} is the old database already`;
    }
    const then = [`comment on database ${quoteName(next)} is ${quoteText(readyWords(run))}`];
    await swapNames(port, { from: name, to: next, next: keepAs, then }, context);
    return `${name} is the old database again; the restored one is ${next}, with what was written to it`;
  },
});

async function seeNamed(
  { connections, signal }: StepContext,
  { database }: Pick<Params, 'database'>,
  name: string,
): Promise<{ readonly oid: string | null; readonly comment: string | null }> {
  const port: DatabasePort = connections.database(database);
  const [row] = await maintenanceOf(port, (await port.info(signal)).database).read(
    `select oid::text as oid, shobj_description(oid, 'pg_database') as comment from pg_catalog.pg_database where datname = $1`,
    [name],
    signal,
  );
  return { oid: row?.['oid'] ?? null, comment: row?.['comment'] ?? null };
}

/** A database cannot be renamed by who is connected to it. */
export function maintenanceOf(port: DatabasePort, database: string): DatabasePort {
  return port.sibling(database === 'postgres' ? 'template1' : 'postgres');
}
