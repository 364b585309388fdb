import { createHash } from 'node:crypto';
import type { ToolPlace } from '../../connections/ports.js';
import { look, rowsOf } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';

export type MigrationFile = {
  readonly path: string;
  readonly text: string;
  /** Of its bytes. */
  readonly sha256: string;
};

/** Names of what lies in the folder and in the folders in it, as paths below it. */
export async function listFolder(
  { host, as }: ToolPlace,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const text = `folder=${shellQuote(folder)}
cd -- "$folder" 2>/dev/null || fail "there is no folder $folder"
for file in * */*; do
  if [ -f "$file" ]; then row file "$file"; fi
done
`;
  const stdout = await look(host, { text, as, what: `Looking into ${folder}` }, signal);
  return rowsOf(stdout, 'file').map(([name = '']) => name);
}

export type WayDown = {
  readonly version: string;
  /** One, where it can be taken. */
  readonly files: readonly string[];
};

/**
 * The files that take each version back: `20261101_prices.down.sql`, `20261101_prices/down.sql` and the like. Zeros before a
 * number count for nothing. Whoever says whether there is a way and whoever takes it must ask here, or they contradict each other.
 *
 * `history` is every version that was made: a file that also fits a longer one of them (`1.1` beside `1`) is that one's alone.
 */
export function waysDown(
  versions: readonly string[],
  { names, history }: { readonly names: readonly string[]; readonly history: readonly string[] },
): readonly WayDown[] {
  const downs = names.filter((name) => /(?:^|[._/-])down\.sql$/.test(name));
  return versions.map((version) => {
    const longer = history.filter((other) => bare(other).length > bare(version).length);
    const files = downs.filter(
      (name) => isOf(name, version) && !longer.some((other) => isOf(name, other)),
    );
    return { version, files };
  });
}

/** Null where each has its one file. */
export function problemOfWays(folder: string, ways: readonly WayDown[]): string | null {
  const none = ways.filter(({ files }) => files.length === 0).map(({ version }) => version);
  const several = ways
    .filter(({ files }) => files.length > 1)
    .map(({ version, files }) => `${version} (${files.join(', ')})`);
  const problems = [
    ...(none.length === 0 ? [] : [`No down-migration in ${folder} for ${none.join(', ')}.`]),
    ...(several.length === 0
      ? []
      : [`More than one down-migration in ${folder} for ${several.join(', ')}.`]),
  ];
  return problems.length === 0 ? null : problems.join(' ');
}

const bare = (text: string): string => text.replace(/^0+(?=\d)/, '');

function isOf(name: string, version: string): boolean {
  const start = bare(version);
  const whole = bare(name);
  return whole.startsWith(start) && /^[._/-]/.test(whole.slice(start.length));
}

export async function readMigration(
  { host, as }: ToolPlace,
  path: string,
  signal: AbortSignal,
): Promise<MigrationFile> {
  const text = `cat -- ${shellQuote(path)} && echo .\n`;
  const stdout = await look(host, { text, as, what: `Reading ${path}` }, signal);
  // A line end at the end of a file is its own; the dot keeps it apart from what a shell adds.
  const content = stdout.replace(/\.\n$/, '');
  return { path, text: content, sha256: createHash('sha256').update(content).digest('hex') };
}
