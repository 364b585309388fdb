import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { AbsolutePath } from '../host/names.js';
import { workScript } from '../host/work-script.js';
import { shellCommand } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { checkDump, readDump } from './dump-script.js';
import { closureOf, readReferences, takenAlong, wholeName } from './foreign-keys.js';
import { findInTheWay, namesFunctions } from './in-the-way.js';
import { DatabaseName, SchemaName, TableName } from './names.js';
import { refusalOfSwap } from './swap-allowed.js';
import { defineToolStep } from './tool-step.js';

const Params = z.strictObject({
  database: DatabaseName,
  backup: AbsolutePath,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  takenFrom: z.string().min(1).max(63).optional(),
  schemas: z.array(SchemaName).min(1).max(100).optional(),
  /** What it is to be used for: what would stand in the way of that is a fault. */
  for: z.discriminatedUnion('what', [
    z.strictObject({ what: z.literal('restore') }),
    z.strictObject({ what: z.literal('restore-beside') }),
    z.strictObject({
      what: z.literal('restore-tables'),
      tables: z.array(TableName).min(1).max(200),
    }),
  ]),
});
type Params = z.infer<typeof Params>;

/** Everything about a backup that can be known while the service still serves. */
export const checkBackup = defineToolStep({
  kind: 'postgres.check-backup',
  risk: 'read',
  repeatable: true,
  params: Params,
  before: z.strictObject({ tables: z.array(z.string()), facts: z.string() }),

  describe: ({ database, backup, schemas }) =>
    `Read ${backup} to its end and see whose it is, of which version, and what in ${schemas === undefined ? '' : `the schemas ${schemas.join(', ')} of `}${database} would stand in its way`,
  commands: ({ backup }) => [
    shellCommand('sha256sum', backup),
    shellCommand('pg_restore', '-l', backup),
    shellCommand('pg_restore', '-f', '/dev/null', backup),
  ],
  undoText: () => null,
  observe: () =>
    Promise.resolve({ isDone: false, facts: 'It only reads, so it is done anew each time.' }),
  capture: (params, context) => foresee(params, context),

  script: (params, { tables, facts }) =>
    workScript(
      {
        dump: params.backup,
        want_sum: params.sha256 ?? '',
        from: params.takenFrom ?? '',
        schemas: (params.schemas ?? []).join('\n'),
        needed: tables.join('\n'),
        facts,
        what: params.for.what,
      },
      `${checkDump}prove_sum
${readDump}${namesFunctions}${body}`,
    ),
});

/** DATABASE_SWAP_IMPOSSIBLE where it is to be restored beside and the server does not allow that. */
async function foresee(
  params: Params,
  { connections, signal, emit }: StepContext,
): Promise<{ tables: string[]; facts: string }> {
  const port = connections.database(params.database);
  switch (params.for.what) {
    case 'restore':
      return { tables: [], facts: '' };
    case 'restore-beside': {
      const refusal = await refusalOfSwap(port, signal);
      if (refusal !== null) {
        throw new AppError('DATABASE_SWAP_IMPOSSIBLE', refusal);
      }
      return { tables: [], facts: '' };
    }
    case 'restore-tables': {
      const chosen = params.for.tables.map(wholeName);
      const references = await readReferences(port, signal);
      const along = takenAlong(chosen, references);
      along.forEach((text) => {
        emit(`taken along: ${text}`);
      });
      const facts = along.length === 0 ? '' : `; taken along: ${along.join(', ')}`;
      return { tables: [...closureOf(chosen, references)], facts };
    }
  }
}

const body = `names_of_dump
[ "$total" != 0 ] || fail "there are no tables in $dump; the database was not touched"
if [ -n "$needed" ]; then
  printf '%s\\n' "$needed" | sort >"$work/needed"
  sort -u "$work/data" >"$work/in.dump"
  missing=$(comm -23 "$work/needed" "$work/in.dump" | tr '\\n' ' ')
  [ -z "$missing" ] || fail "the backup has no rows for $missing; the database was not touched"
fi
if [ "$what" = restore ]; then
  ${findInTheWay}  if [ -n "$in_the_way" ]; then
    printf '%s\\n' "$in_the_way" | sed 's/^/in the way: /' >&2
    fail "what was made since the backup stands in the way of a restore: $(printf '%s\\n' "$in_the_way" | head -n 3 | tr '\\n' ';') the database was not touched. Take it away first, or restore beside and swap"
  fi
fi
say "$dump: $(words_of_size "$(size_of "$dump")"), $total tables of $dump_of, taken \${dump_started:-$dump_made}, PostgreSQL $dump_version, SHA-256 $dump_sum, readable to its end$facts"
`;
