import type { Target } from '../../../shared/plan/target.js';
import { look, rowsOf } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import type { DatabaseReach } from './backups.js';
import { repairWords } from './migration-history.js';

export type MigrationsPlace = {
  readonly folder: string;
  /** `schema.table`, checked by the runbook's schema. */
  readonly history: string;
};

/** Every applied migration, newest first: going back to one undoes all that came after it, if each has its way down. */
export async function listMigrations(
  { port, tools }: DatabaseReach,
  { folder, history }: MigrationsPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const [schema = '', table = ''] = history.split('.');
  const sql = `SELECT version::text AS version FROM "${schema}"."${table}" ORDER BY version DESC LIMIT 500`;
  const [rows, files] = await Promise.all([
    port.read(sql, [], signal),
    downFiles({ tools }, folder, signal),
  ]);
  const missing: string[] = [];
  return rows.map((row, index) => {
    const version = row['version'] ?? '';
    const without = [...missing];
    if (!files.some((name) => isDownOf(name, version))) {
      missing.push(version);
    }
    return {
      id: version,
      version,
      names: [],
      createdAt: null,
      sizeBytes: null,
      digest: null,
      isServing: index === 0,
      subject: index === 0 ? 'applied last' : `undoes ${String(index)} after it`,
      ...(without.length === 0
        ? {}
        : {
            problem:
              `No down-migration in ${folder} for ${without.join(', ')}. ${repairWords(history)}`.trim(),
          }),
    };
  });
}

/** `VERSION_down.sql`, `VERSION_name.down.sql`, `VERSION/down.sql`. */
export function isDownOf(file: string, version: string): boolean {
  const rest = file.startsWith(version) ? file.slice(version.length) : '';
  return /^(?:[._-].*)?[._-]down\.sql$|^\/down\.sql$/i.test(rest);
}

async function downFiles(
  { tools }: Pick<DatabaseReach, 'tools'>,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { host, as } = await tools.place(signal);
  const text = `cd -- ${shellQuote(folder)} 2>/dev/null || fail ${shellQuote(`there is no folder ${folder}`)}
for name in *down.sql */down.sql; do [ -f "$name" ] && row down "$name"; done
exit 0
`;
  const what = `Looking for down-migrations in ${folder}`;
  const stdout = await look(host, { text, as, what }, signal);
  return rowsOf(stdout, 'down').map(([name = '']) => name);
}
