import { AppError } from '../../../shared/errors/app-error.js';
import { errorTexts } from '../../../shared/errors/error-texts.js';
import type { PreviewItem, Target } from '../../../shared/plan/target.js';
import type { DatabaseInfo, ToolPlace } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { listBackups } from './backups.js';
import type { DatabaseReach } from './backups.js';
import { listMigrations } from './migrations.js';
import type { MigrationsPlace } from './migrations.js';

type Item = Omit<PreviewItem, 'checkedAt'>;
type Place =
  | { readonly kind: 'postgres.backups'; readonly folder: string }
  | ({ readonly kind: 'postgres.migrations' } & MigrationsPlace);

/** "Can I still go back?" in a database: reads only; what is missing or too old is an answer too. */
export async function previewDatabase(
  reach: DatabaseReach,
  place: Place,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const add = async (
    id: string,
    title: string,
    work: () => Promise<Omit<Item, 'id' | 'title'>>,
  ) => {
    try {
      items.push({ id, title, ...(await work()) });
      return true;
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code === 'STEP_STOPPED') {
        throw thrown;
      }
      const text = `${errorTexts[thrown.code].happened} ${thrown.message}`;
      items.push({ id, title, state: 'red', text });
      return false;
    }
  };
  const isThere = await add('database', 'Database', async () =>
    databaseWords(await reach.port.mustBeDirect(signal)),
  );
  const hasTools =
    isThere &&
    (await add('tools', 'Programs', async () => toolWords(await reach.tools.place(signal))));
  if (hasTools) {
    await add('target', 'Target', () =>
      place.kind === 'postgres.backups'
        ? backupWords(reach, place.folder, target, signal)
        : migrationWords(reach, place, target, signal),
    );
  }
  return items;
}

function databaseWords({ database, user, address, serverVersionText, isTls }: DatabaseInfo) {
  const line = isTls ? 'TLS verified' : 'without TLS, on localhost';
  const text = `${database} at ${address} as ${user}, PostgreSQL ${serverVersionText}, ${line}`;
  return { state: 'green', text } as const;
}

function toolWords({ reason, survivesLaptop }: ToolPlace) {
  return { state: survivesLaptop ? 'green' : 'amber', text: reason } as const;
}

/** Read to its end: a listing would pass a backup of which half is missing. */
async function backupWords(
  reach: DatabaseReach,
  folder: string,
  target: Target,
  signal: AbortSignal,
): Promise<Omit<Item, 'id' | 'title'>> {
  const found = (await listBackups(reach, folder, signal)).find(({ id }) => id === target.id);
  if (found === undefined) {
    return { state: 'red', text: `${target.id} is no longer there` };
  }
  if (found.problem !== undefined) {
    return { state: 'red', text: `${found.version}: ${found.problem}` };
  }
  const { host, as, programs } = await reach.tools.place(signal);
  const text = `LC_ALL=C ${shellQuote(programs.pg_restore.path)} -f /dev/null ${shellQuote(target.id)} 2>&1`;
  const { exitCode, stdout } = await host.read({ text, as }, signal);
  const said = stdout.trim().split('\n').at(-1) ?? '';
  return exitCode === 0
    ? { state: 'green', text: `${found.version} was read to its end (${found.subject ?? ''})` }
    : { state: 'red', text: `${found.version} cannot be read to its end: ${said}` };
}

async function migrationWords(
  reach: DatabaseReach,
  place: MigrationsPlace,
  target: Target,
  signal: AbortSignal,
): Promise<Omit<Item, 'id' | 'title'>> {
  const found = (await listMigrations(reach, place, signal)).find(({ id }) => id === target.id);
  if (found === undefined) {
    return { state: 'red', text: `${target.version} is not in ${place.history}` };
  }
  return found.problem === undefined
    ? { state: 'green', text: `${found.version}: ${found.subject ?? ''}` }
    : { state: 'red', text: found.problem };
}
