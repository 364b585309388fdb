import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunRecord } from '../../shared/run/events.js';
import { GENESIS, formatRecord, hashLine, readJournal } from './journal-format.js';
import type { JournalContents } from './journal-format.js';
import { createJournalFile, openJournalFile } from './journal-file.js';
import type { JournalFile } from './journal-file.js';

export type UnchainedRecord = Omit<RunRecord, 'prev'>;

/**
 * Append-only and hash-chained. `append` resolves only when the records are on the disk, because the remote
 * side is touched right after; when it rejects, nothing of them remains in the file.
 */
export class Journal {
  readonly #file: JournalFile;
  #size: number;
  #head: string;
  #isDirty = false;

  constructor(file: JournalFile, at: { readonly size: number; readonly head: string }) {
    this.#file = file;
    this.#size = at.size;
    this.#head = at.head;
  }

  static async create(path: string): Promise<Journal> {
    return new Journal(await createJournalFile(path), { size: 0, head: GENESIS });
  }

  /** Repairs a torn last line by cutting it off. Rejects with the journal's own problem when it does not hold together. */
  static async open(path: string): Promise<{ journal: Journal; contents: JournalContents }> {
    const contents = readJournal(await readFile(path));
    if (contents.problem !== null) {
      const { code, message } = contents.problem;
      throw new AppError(code === 'JOURNAL_TOO_NEW' ? code : 'JOURNAL_BROKEN', message);
    }
    const journal = new Journal(await openJournalFile(path), contents);
    journal.#isDirty = contents.tornBytes > 0;
    return { journal, contents };
  }

  get head(): string {
    return this.#head;
  }

  /** Writes all of them or none, with one sync. JOURNAL_WRITE_FAILED when the disk refuses. */
  async append(records: readonly UnchainedRecord[]): Promise<readonly RunRecord[]> {
    let head = this.#head;
    const chained = records.map((record) => {
      const whole: RunRecord = { ...record, prev: head };
      const line = formatRecord(whole);
      head = hashLine(line);
      return { whole, line };
    });
    const bytes = Buffer.from(chained.map(({ line }) => `${line}\n`).join(''), 'utf8');
    await this.#write(bytes);
    this.#size += bytes.length;
    this.#head = head;
    return chained.map(({ whole }) => whole);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#tryWrite(bytes);
    } catch (first) {
      this.#isDirty = true;
      const cause = await this.#retryFromReserve(bytes, first);
      if (cause !== null) {
        throw new AppError(
          'JOURNAL_WRITE_FAILED',
          `The journal cannot be written: ${reason(cause)}.`,
          {
            cause,
          },
        );
      }
    }
  }

  async #retryFromReserve(bytes: Buffer, first: unknown): Promise<unknown> {
    if (!isDiskFull(first) || !(await this.#file.releaseReserve().catch(() => false))) {
      return first;
    }
    try {
      await this.#tryWrite(bytes);
      return null;
    } catch (second) {
      return second;
    }
  }

  async #tryWrite(bytes: Buffer): Promise<void> {
    if (this.#isDirty) {
      await this.#file.truncate(this.#size);
      this.#isDirty = false;
    }
    await this.#file.write(bytes, this.#size);
    await this.#file.sync();
  }
}

function isDiskFull(thrown: unknown): boolean {
  return errnoOf(thrown) === 'ENOSPC' || errnoOf(thrown) === 'EDQUOT';
}

function reason(thrown: unknown): string {
  switch (errnoOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EACCES':
    case 'EPERM':
      return 'the file may not be written';
    default:
      return `the disk answered ${errnoOf(thrown) ?? 'with an error'}`;
  }
}

function errnoOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : null;
}
