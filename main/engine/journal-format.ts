import { createHash, hash } from 'node:crypto';
import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { RunRecord } from '../../shared/run/events.js';
import type { RunId } from '../../shared/run/events.js';

/** What the first record's `prev` holds: there is no line before it. */
export const GENESIS = '0'.repeat(64);

/** Where a journal stops making sense. */
export type JournalProblem = ErrorJson & { readonly line: number };

export type JournalContents = {
  readonly records: readonly RunRecord[];
  /** SHA-256 of the last whole line. Kept elsewhere, it shows whether the end was cut or rewritten. */
  readonly head: string;
  /** Bytes up to and with the last whole line. */
  readonly size: number;
  /** Bytes of a last line that was being written when the machine stopped; 0 when the file ends well. */
  readonly tornBytes: number;
  /** Everything before it is in `records`. */
  readonly problem: JournalProblem | null;
};

export function hashLine(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

export function formatRecord(record: RunRecord): string {
  return JSON.stringify(record);
}

/** Reads a whole journal strictly: every line is parsed, every link of the chain is checked. */
export function readJournal(bytes: Buffer): JournalContents {
  const reader = new JournalReader(bytes);
  const records: RunRecord[] = [];
  for (let record = reader.next(); record !== null; record = reader.next()) {
    records.push(record);
  }
  const { head, size, tornBytes, problem } = reader;
  return { records, head, size, tornBytes, problem };
}

/** A place in a journal up to which everything is known to hold. */
export type JournalPlace = {
  readonly size: number;
  readonly head: string;
  readonly count: number;
  readonly runId: RunId | null;
};

const BEGINNING: JournalPlace = { size: 0, head: GENESIS, count: 0, runId: null };

/** Reads one line after the other, so that a long journal can also be read in pieces. */
export class JournalReader {
  readonly #bytes: Buffer;
  #place: JournalPlace;
  #problem: JournalProblem | null = null;

  constructor(bytes: Buffer, from: JournalPlace = BEGINNING) {
    this.#bytes = bytes;
    this.#place = from;
  }

  get place(): JournalPlace {
    return this.#place;
  }

  get head(): string {
    return this.#place.head;
  }

  get size(): number {
    return this.#place.size;
  }

  get problem(): JournalProblem | null {
    return this.#problem;
  }

  /** Known once `next` has answered null. */
  get tornBytes(): number {
    return this.#problem === null ? this.#bytes.length - this.#place.size : 0;
  }

  /** Null at the end of the whole lines, and where the journal stops making sense. */
  next(): RunRecord | null {
    const { size, count } = this.#place;
    const end = this.#problem === null ? this.#bytes.indexOf(0x0a, size) : -1;
    if (end === -1) {
      return null;
    }
    try {
      const record = checkLine(this.#bytes.toString('utf8', size, end), this.#place);
      // Of the bytes and not of the text: what is not text reads the same whatever it is.
      const head = hash('sha256', this.#bytes.subarray(size, end), 'hex');
      this.#place = { size: end + 1, head, count: count + 1, runId: record.runId };
      return record;
    } catch (thrown) {
      this.#problem = { ...toErrorJson(thrown), line: count + 1 };
      return null;
    }
  }
}

function checkLine(line: string, { count, head, runId }: JournalPlace): RunRecord {
  const where = `line ${String(count + 1)}`;
  const parsed = RunRecord.safeParse(parseJson(line, where, count));
  if (!parsed.success) {
    throw new AppError('JOURNAL_BROKEN', `${where} is not a record of this version.`, {
      cause: parsed.error,
    });
  }
  const record = parsed.data;
  if (record.prev !== head) {
    const message = `${where} does not follow from the line before it: one of the two was changed.`;
    throw new AppError('JOURNAL_BROKEN', message);
  }
  if (record.seq !== count || (runId ?? record.runId) !== record.runId) {
    throw new AppError('JOURNAL_BROKEN', `${where} does not belong here.`);
  }
  if ((record.event.type === 'run.started') !== (record.seq === 0)) {
    throw new AppError('JOURNAL_BROKEN', `${where}: a run starts with its first record, once.`);
  }
  return record;
}

function parseJson(line: string, where: string, count: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw count === 0 && !isOurs(line)
      ? new AppError('JOURNAL_FOREIGN', 'It is no journal of Lastgood: line 1 is not JSON.')
      : new AppError('JOURNAL_BROKEN', `${where} is not JSON.`, { cause });
  }
  if (count === 0 && !isOurs(line)) {
    const message = 'It is no journal of Lastgood: line 1 is not the start of a run.';
    throw new AppError('JOURNAL_FOREIGN', message);
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

/** A damaged first line of ours still holds most of its words. */
function isOurs(line: string): boolean {
  const words = ['"runId"', '"session"', '"event"', '"prev"', '"seq"'];
  return words.filter((word) => line.includes(word)).length >= 2;
}
