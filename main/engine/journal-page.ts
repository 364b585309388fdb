import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { RunRecord } from '../../shared/run/events.js';
import { JournalReader } from './journal-format.js';
import type { JournalPlace, JournalProblem } from './journal-format.js';

/** About a thousand records: more than a run has, and no more than a screen can be made of at once. */
export const PAGE_BYTES = 512 * 1_024;

/** Whole lines from somewhere in a journal. */
export type JournalPage = {
  readonly records: readonly RunRecord[];
  /** The byte at which they begin: what is older ends there. 0 where nothing is. */
  readonly from: number;
  readonly problem: JournalProblem | null;
};

/**
 * The newest whole lines that end at `before` (a line's beginning, or null for the end of the file). Each is parsed
 * strictly and must follow from the one before it in the page; what holds the pages together is checked where the
 * whole journal is.
 */
export async function readPage(file: string, before: number | null): Promise<JournalPage> {
  const end = before ?? (await stat(file)).size;
  for (let wanted = PAGE_BYTES; ; wanted *= 4) {
    const start = Math.max(0, end - wanted);
    const bytes = await readRange(file, start, end);
    // Where the piece begins in the middle of a line, that line belongs to an older page.
    const skipped = start === 0 ? 0 : bytes.indexOf(0x0a) + 1;
    const isWhole = start === 0 || (skipped > 0 && bytes.indexOf(0x0a, skipped) !== -1);
    if (isWhole) {
      return { ...readLines(bytes.subarray(skipped)), from: start + skipped };
    }
  }
}

async function readRange(file: string, start: number, end: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(end - start);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) {
        break;
      }
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}

function readLines(bytes: Buffer): Omit<JournalPage, 'from'> {
  const reader = new JournalReader(bytes, placeBefore(bytes));
  const records: RunRecord[] = [];
  for (let record = reader.next(); record !== null; record = reader.next()) {
    records.push(record);
  }
  return { records, problem: reader.problem };
}

const Link = z.object({ seq: z.int().nonnegative(), prev: z.string() });

/** Where the first line says it stands. What is no line of ours is left to the strict reader. */
function placeBefore(bytes: Buffer): JournalPlace | undefined {
  try {
    const end = bytes.indexOf(0x0a);
    const { seq, prev } = Link.parse(JSON.parse(bytes.toString('utf8', 0, end)));
    return { size: 0, head: prev, count: seq, runId: null };
  } catch {
    return undefined;
  }
}
