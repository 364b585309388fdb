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

/**
 * The file that takes a version back: `20261101_prices.down.sql`, `20261101_prices/down.sql` and the like. Zeros before a
 * number count for nothing. Null where there is none, or more than one.
 */
export function downFileOf(version: string, names: readonly string[]): string | null {
  const bare = version.replace(/^0+(?=\d)/, '');
  const found = names.filter((name) => {
    const isDown = /(?:^|[._/-])down\.sql$/.test(name);
    const number = /^0*([0-9]+|[A-Za-z0-9-]+?)(?=[._/-])/.exec(name)?.[1] ?? '';
    return (
      isDown &&
      (number === bare || name.startsWith(`${version}.`) || name.startsWith(`${version}/`))
    );
  });
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
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
