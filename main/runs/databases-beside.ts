import { dirname } from 'node:path/posix';
import { z } from 'zod';
import { chosenSchemas } from '../../shared/plan/application-schemas.js';
import type { ChosenSchemas } from '../../shared/plan/application-schemas.js';
import type { PreviewItem } from '../../shared/plan/target.js';
import type { StartedRun } from '../../shared/run/state.js';
import { searchScope } from '../../shared/runbook/registry-place.js';
import { PostgresBackups } from '../../shared/runbook/targets-schema.js';
import { placeholdersIn, substitute } from '../../shared/runbook/variables.js';
import type { Scope } from '../../shared/runbook/variables.js';
import type { Connections } from '../connections/ports.js';
import { previewDatabase } from '../steps/postgres/preview.js';
import { reachOf } from './target-search.js';

/** A database that a procedure changes, whose targets are something else: releases, commits or images. */
export type DatabaseBeside = {
  readonly database: string;
  /** What its steps restore; null where they restore nothing, or where that is not known before the target is. */
  readonly backup: string | null;
  readonly loss: PostgresBackups['loss'];
  readonly schemas: ChosenSchemas;
};

const Step = z.looseObject({
  database: z.string(),
  backup: z.string().optional(),
  loss: PostgresBackups.shape.loss.catch(undefined),
});

const restores: ReadonlySet<string> = new Set(['postgres.restore', 'postgres.restore-beside']);

/** None where the targets are the database’s own: those are looked at as such. */
export function databasesBeside(started: StartedRun): readonly DatabaseBeside[] {
  const { targets, steps } = started.procedure;
  if (targets.kind.startsWith('postgres.')) {
    return [];
  }
  const scope = searchScope(started.runbook, started.environment);
  const found = steps.flatMap(({ kind, with: given }) => {
    const step = kind.startsWith('postgres.') ? Step.safeParse(given).data : undefined;
    return step === undefined ? [] : [{ ...step, isRestored: restores.has(kind) }];
  });
  return [...new Set(found.map(({ database }) => database))].map((database) => {
    const restore = found.find(
      ({ database: name, backup, isRestored }) =>
        name === database && isRestored && backup !== undefined && isKnown(backup, scope),
    );
    return {
      database,
      backup:
        restore?.backup === undefined ? null : z.string().parse(substitute(restore.backup, scope)),
      loss: restore?.loss,
      schemas: chosenSchemas(steps, database, started.environment),
    };
  });
}

const isKnown = (text: string, scope: Scope): boolean =>
  placeholdersIn(text).every((name) => Object.hasOwn(scope, name));

/** "Can I still go back?" for these too: what is missing or too old, what is lost, and what stands in the way. */
export async function previewBeside(
  connections: Connections,
  databases: readonly DatabaseBeside[],
  at: string,
  signal: AbortSignal,
): Promise<readonly PreviewItem[]> {
  const all = await Promise.all(
    databases.map(async ({ database, backup, ...asked }, index) => {
      const target = { id: backup ?? '', version: backup ?? '', createdAt: null };
      const place =
        backup === null
          ? ({ ...asked, kind: 'postgres.programs' } as const)
          : ({ ...asked, kind: 'postgres.backups', folder: dirname(backup) } as const);
      const items = await previewDatabase(reachOf(connections, database), place, target, signal);
      return items.map((item) => ({
        ...named(item, index === 0 ? null : database),
        checkedAt: at,
      }));
    }),
  );
  return all.flat();
}

/** The target is what the procedure goes back to; here it is what is restored beside it. */
function named<I extends { readonly id: string; readonly title: string }>(
  item: I,
  database: string | null,
): I {
  const own = item.id === 'target' ? { ...item, id: 'backup', title: 'Backup' } : item;
  return database === null
    ? own
    : { ...own, id: `${own.id}-${database}`, title: `${own.title} (${database})` };
}
