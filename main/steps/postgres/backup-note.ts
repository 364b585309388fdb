import { z } from 'zod';
import type { ToolPlace } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';

/** What a backup step writes beside its file, at `<file>.lastgood`, one `name=value` a line. */
export const BackupNote = z.object({
  database: z.string().min(1),
  /** 150018 for 15.18. */
  server: z.string().regex(/^\d+$/),
  /** When the dump's snapshot was about to be taken, by the server's clock, in UTC with microseconds. */
  started: z.iso.datetime(),
  /** Of the cluster it was taken from; empty where the server does not tell. */
  identity: z.string(),
  bytes: z.string().regex(/^\d+$/).transform(Number),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  run: z.string().min(1),
});
export type BackupNote = z.infer<typeof BackupNote>;

export function parseBackupNote(text: string): BackupNote | null {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
  });
  const parsed = BackupNote.safeParse(Object.fromEntries(pairs));
  return parsed.success ? parsed.data : null;
}

/** Null where there is no such backup, or no note of ours beside it. */
export async function readBackupNote(
  { host, as }: ToolPlace,
  file: string,
  signal: AbortSignal,
): Promise<BackupNote | null> {
  const text = `file=${shellQuote(file)}
if [ -f "$file" ] && [ -r "$file.lastgood" ]; then cat -- "$file.lastgood"; fi
`;
  const stdout = await look(host, { text, as, what: `Looking for ${file}` }, signal);
  return parseBackupNote(stdout);
}
