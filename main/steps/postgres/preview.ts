import { AppError } from '../../../shared/errors/app-error.js';
import { errorTexts } from '../../../shared/errors/error-texts.js';
import type { PreviewItem, Target } from '../../../shared/plan/target.js';
import {
  downtimeItemId,
  predictDowntime,
  rangeInWords,
} from '../../../shared/plan/predict-downtime.js';
import type { ChosenSchemas } from '../../../shared/plan/application-schemas.js';
import { lossItemId } from '../../../shared/run/predicted-loss.js';
import type { PostgresBackups } from '../../../shared/runbook/targets-schema.js';
import type { DatabaseInfo, ToolPlace } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { readBackupNote } from './backup-note.js';
import { listBackups } from './backups.js';
import type { DatabaseReach } from './backups.js';
import { countDumpRows } from './copy-rows.js';
import { questionOf } from './foresee-loss.js';
import { findInTheWayNow } from './in-the-way-now.js';
import { repairWords } from './migration-history.js';
import { listMigrations } from './migrations.js';
import type { MigrationsPlace } from './migrations.js';
import { unnamedWords } from './must-name-schemas.js';
import { lossSentence } from './predicted-loss.js';
import { readLoss } from './read-loss.js';
import { refusalOfSwap } from './swap-allowed.js';

type Item = Omit<PreviewItem, 'checkedAt'>;
type Place = { readonly schemas?: ChosenSchemas } & (
  | {
      readonly kind: 'postgres.backups';
      readonly folder: string;
      readonly loss?: PostgresBackups['loss'];
    }
  | ({ readonly kind: 'postgres.migrations' } & MigrationsPlace)
  /** Nothing of it is known that could be brought back. */
  | { readonly kind: 'postgres.programs' }
);
type Said = Omit<Item, 'id' | 'title'>;
type Chosen = Pick<Target, 'id' | 'version' | 'createdAt'>;

type Loss = Omit<NonNullable<PostgresBackups['loss']>, 'schemas'> & {
  readonly schemas: readonly string[] | undefined;
};

/** "Can I still go back?" in a database: reads only; what is missing or too old is an answer too. */
export async function previewDatabase(
  reach: DatabaseReach,
  place: Place,
  target: Chosen,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const schemas: Item[] = [];
  const add = async (id: string, title: string, work: () => Promise<Said>) => {
    try {
      items.push({ id, title, ...(await work()) });
      return true;
    } catch (thrown) {
      items.push({ id, title, state: 'red', text: whyNot(thrown) });
      return false;
    }
  };
  const isThere = await add('database', 'Database', async () => {
    const info = await reach.port.mustBeDirect(signal);
    schemas.push(...schemasItems(info, place.schemas));
    return databaseWords(info);
  });
  items.push(...schemas);
  const hasTools =
    isThere &&
    (await add('tools', 'Programs', async () => toolWords(await reach.tools.place(signal))));
  if (place.kind === 'postgres.programs') {
    return items;
  }
  const startedAt = performance.now();
  const isReadable =
    hasTools &&
    (await add('target', 'Target', () =>
      place.kind === 'postgres.backups'
        ? backupWords(reach, place.folder, target, signal)
        : migrationWords(reach, place, target, signal),
    )) &&
    items.every(({ state }) => state !== 'red');
  const readSeconds = (performance.now() - startedAt) / 1_000;
  const restored = place.kind === 'postgres.backups' ? restoredOf(place) : undefined;
  if (isReadable && place.kind === 'postgres.backups') {
    await add(downtimeItemId, 'Predicted downtime', () =>
      downtimeWords(reach.port, readSeconds, signal),
    );
    await add('in-the-way', 'In the way', () => inTheWayWords(reach, restored, target, signal));
  }
  if (isReadable) {
    await add(lossItemId, 'Predicted loss', async () => ({
      state: 'amber',
      text:
        place.kind === 'postgres.backups'
          ? await lossWords(reach, { ...place.loss, schemas: restored }, target, signal)
          : 'What the ways down of these migrations drop cannot be predicted: only the migrations themselves say it.',
    }));
  }
  return items;
}

async function lossWords(
  { port, tools }: DatabaseReach,
  asked: Loss,
  { id, version, createdAt }: Chosen,
  signal: AbortSignal,
): Promise<string> {
  const place = await tools.place(signal);
  const note = await readBackupNote(place, id, signal);
  const inBackup = await countDumpRows(place, id, signal);
  // A file is finished after what it holds was read, so later rows are missing in it; but not only those.
  const since =
    note !== null
      ? { at: note.started, isExact: true }
      : createdAt === null
        ? null
        : { at: createdAt, isExact: false };
  const question = questionOf({ schemas: asked.schemas, loss: asked }, since);
  const tables = await readLoss(port, question, inBackup, signal);
  return lossSentence(tables, since === null ? version : since.at);
}

/** Both ways beside each other, whichever procedure this is: now is when another one can still be chosen. */
async function downtimeWords(
  port: DatabaseReach['port'],
  readSeconds: number,
  signal: AbortSignal,
): Promise<Said> {
  const { inPlace, beside } = predictDowntime(readSeconds);
  const refusal = await refusalOfSwap(port, signal);
  const besideWords =
    refusal === null
      ? `Restored beside and swapped: about ${rangeInWords(beside)}, because it is loaded while the old one serves.`
      : `Restoring beside and swapping is not possible here: ${refusal}`;
  return {
    state: 'amber',
    text: `Restored in place: about ${rangeInWords(inPlace)} for a fresh backup and the restore, estimated from the ${readSeconds.toFixed(1)} s that reading this backup took here. ${besideWords} The service’s own stop and start come on top.`,
  };
}

/** Restored in place it would not be begun; beside there is nothing that it could trip over. */
async function inTheWayWords(
  { port, tools }: DatabaseReach,
  schemas: readonly string[] | undefined,
  { id: backup }: Chosen,
  signal: AbortSignal,
): Promise<Said> {
  const place = await tools.place(signal);
  const found = await findInTheWayNow(port, place, { backup, schemas }, signal);
  return found.length === 0
    ? { state: 'green', text: 'Nothing made since the backup stands in the way of a restore' }
    : {
        state: 'amber',
        text: `Made since the backup, and in the way of a restore in place (not of one beside): ${found.join('; ')}`,
      };
}

function whyNot(thrown: unknown): string {
  if (!(thrown instanceof AppError) || thrown.code === 'STEP_STOPPED') {
    throw thrown;
  }
  return `${errorTexts[thrown.code].happened} ${thrown.message}`;
}

/** Counted is what the plan takes, unless the runbook says otherwise. */
const restoredOf = ({ loss, schemas }: Extract<Place, { kind: 'postgres.backups' }>) =>
  loss?.schemas ?? schemas?.restored ?? undefined;

/** What the steps will refuse is said while another way can still be chosen. */
function schemasItems(
  info: DatabaseInfo,
  { restored, unnamed }: ChosenSchemas = { restored: null, unnamed: [] },
): readonly Item[] {
  const about = { id: 'schemas', title: 'Schemas' };
  if (info.flavour === 'supabase' && unnamed.length > 0) {
    const text = `Refused before anything is touched: ${unnamed.join(', ')}. ${unnamedWords(info)} ${errorTexts.DATABASE_SCHEMAS_UNNAMED.todo}`;
    return [{ ...about, state: 'red', text }];
  }
  return restored === null
    ? []
    : [{ ...about, state: 'green', text: `Only these are taken back: ${restored.join(', ')}` }];
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
  target: Chosen,
  signal: AbortSignal,
): Promise<Said> {
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
  target: Chosen,
  signal: AbortSignal,
): Promise<Said> {
  const repair = repairWords(place.history.table);
  const more = repair === '' ? '' : `. ${repair}`;
  const found = (await listMigrations(reach, place, signal)).find(({ id }) => id === target.id);
  if (found === undefined) {
    return { state: 'red', text: `${target.version} is not in ${place.history.table}${more}` };
  }
  return found.problem === undefined
    ? { state: 'green', text: `${found.version}: ${found.subject ?? ''}${more}` }
    : { state: 'red', text: found.problem };
}
