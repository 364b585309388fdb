import type { Target } from '../../../shared/plan/target.js';
import type { DatabaseReach } from './backups.js';
import { listFolder, problemOfWays, waysDown } from './migration-files.js';
import { historySql, repairWords } from './migration-history.js';
import type { MigrationHistory } from './migration-history.js';

export type MigrationsPlace = {
  readonly folder: string;
  readonly history: MigrationHistory;
};

/** Every applied migration, newest first: going back to one undoes all that came after it, if each has its way down. */
export async function listMigrations(
  { port, tools }: DatabaseReach,
  { folder, history }: MigrationsPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const sql = `${historySql(history)} desc limit 500`;
  const [rows, names] = await Promise.all([
    port.read(sql, [], signal),
    tools.place(signal).then((place) => listFolder(place, folder, signal)),
  ]);
  const versions = rows.map((row) => row['version'] ?? '');
  const ways = waysDown(versions, { names, history: versions });
  return versions.map((version, index) => {
    const problem = problemOfWays(folder, ways.slice(0, index));
    return {
      id: version,
      version,
      names: [],
      createdAt: null,
      sizeBytes: null,
      digest: null,
      isServing: index === 0,
      subject: index === 0 ? 'applied last' : `undoes ${String(index)} after it`,
      ...(problem === null ? {} : { problem: `${problem} ${repairWords(history.table)}`.trim() }),
    };
  });
}
