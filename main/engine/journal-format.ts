import { createHash } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { toErrorJson } from '../../shared/errors/app-error.js';
import { RunRecord } from '../../shared/run/events.js';

/** What the first record's `prev` holds: there is no line before it. */
export const GENESIS = '0'.repeat(64);

export type JournalContents = {
  readonly records: readonly RunRecord[];
  /** SHA-256 of the last whole line. Kept elsewhere, it shows whether the end was cut or rewritten. */
  readonly head: string;
  /** Bytes up to and with the last whole line. */
  readonly size: number;
  /** Bytes of a last line that was being written when the machine stopped; 0 when the file ends well. */
  readonly tornBytes: number;
  /** Where the journal stops making sense; everything before it is in `records`. */
  readonly problem: (ErrorJson & { readonly line: number }) | null;
};

export function hashLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

export function formatRecord(record: RunRecord): string {
  return JSON.stringify(record);
}

/** Reads a whole journal strictly: every line is parsed, every link of the chain is checked. */
export function readJournal(bytes: Buffer): JournalContents {
  const records: RunRecord[] = [];
  let head = GENESIS;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) {
      return { records, head, size: start, tornBytes: bytes.length - start, problem: null };
    }
    const line = bytes.toString('utf8', start, end);
    try {
      records.push(checkLine(line, records, head));
    } catch (thrown) {
      const problem = { ...toErrorJson(thrown), line: records.length + 1 };
      return { records, head, size: start, tornBytes: 0, problem };
    }
    head = hashLine(line);
    start = end + 1;
  }
}

function checkLine(line: string, before: readonly RunRecord[], head: string): RunRecord {
  const where = `line ${String(before.length + 1)}`;
  const parsed = RunRecord.safeParse(parseJson(line, where));
  if (!parsed.success) {
    throw new AppError('JOURNAL_BROKEN', `${where} is not a record of this version.`, {
      cause: parsed.error,
    });
  }
  const record = parsed.data;
  if (record.prev !== head) {
    throw new AppError('JOURNAL_BROKEN', `${where} does not follow from the line before it.`);
  }
  if (record.seq !== before.length || (before[0]?.runId ?? record.runId) !== record.runId) {
    throw new AppError('JOURNAL_BROKEN', `${where} does not belong here.`);
  }
  if ((record.event.type === 'run.started') !== (record.seq === 0)) {
    throw new AppError('JOURNAL_BROKEN', `${where}: a run starts with its first record, once.`);
  }
  return record;
}

function parseJson(line: string, where: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new AppError('JOURNAL_BROKEN', `${where} is not JSON.`, { cause });
  }
  if (typeof value === 'object' && value !== null && 'v' in value) {
    const { v } = value;
    if (typeof v === 'number' && v > 1) {
      throw new AppError(
        'JOURNAL_TOO_NEW',
        `${where} is of version ${String(v)}, this console reads 1.`,
      );
    }
  }
  return value;
}
