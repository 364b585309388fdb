import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const NEWLINE = 0x0a;

export type JournalHead = {
  readonly lines: number;
  /** SHA-256 of the last whole line's bytes, in hex. */
  readonly hash: string;
};

/** Null when there is no journal or not one whole line. A last line that is still being written does not count. */
export async function readHead(file: string): Promise<JournalHead | null> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return null;
    }
    throw error;
  });
  const end = bytes?.lastIndexOf(NEWLINE) ?? -1;
  if (bytes === null || end === -1) {
    return null;
  }
  const whole = bytes.subarray(0, end);
  const last = whole.subarray(whole.lastIndexOf(NEWLINE) + 1);
  const lines = whole.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 1);
  return { lines, hash: createHash('sha256').update(last).digest('hex') };
}
