import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { RunOwner } from '../../shared/run/run-owner.js';
import { packState } from '../../shared/run/pack-state.js';
import type { RunState } from '../../shared/run/state.js';
import { checkpointOf, writeCheckpoint } from './checkpoint.js';
import { isDiskFull, writeFailed } from './disk-error.js';
import { GENESIS, formatRecord, hashLine } from './journal-format.js';
import { createJournalFile, openJournalFile } from './journal-file.js';
import type { JournalFile } from './journal-file.js';
import { spaceForRun, spacePromisedBy } from './journal-space.js';
import { openJournal } from './open-journal.js';
import type { OpenedJournal } from './open-journal.js';
import { takeLock } from './run-lock.js';
import type { RunLock } from './run-lock.js';

export type UnchainedRecord = Omit<RunRecord, 'prev'>;

/** Who opens it: stands in the lock and in the checkpoint. */
export type JournalUser = { readonly session: string; readonly appVersion: string };

type Start = {
  readonly size: number;
  readonly head: string;
  readonly count?: number;
  readonly hash?: Hash;
  readonly lock?: RunLock;
  readonly path?: string;
};

/** A checkpoint is due after so many records, or when the journal has grown by an eighth, whichever is later. */
const CHECKPOINT_RECORDS = 2_000;

export function lockOf(journal: string): string {
  return path.join(path.dirname(journal), 'lock');
}

/**
 * Append-only, hash-chained, and held by one process. `append` resolves only when the records are on the disk,
 * because the remote side is touched right after; when it rejects, nothing of them remains in the file.
 */
export class Journal {
  readonly #file: JournalFile;
  readonly #lock: RunLock | null;
  readonly #path: string | null;
  readonly #hash: Hash;
  #size: number;
  #head: string;
  #count: number;
  #checkpointCount = 0;
  #isDirty = false;
  #isCheckpointed = true;

  constructor(file: JournalFile, at: Start) {
    this.#file = file;
    this.#size = at.size;
    this.#head = at.head;
    this.#count = at.count ?? 0;
    this.#hash = at.hash ?? createHash('sha256');
    this.#lock = at.lock ?? null;
    this.#path = at.path ?? null;
  }

  static async create(file: string, user: JournalUser): Promise<Journal> {
    const lock = await takeLock(lockOf(file), user.session);
    try {
      const at = { size: 0, head: GENESIS, lock, path: file };
      return new Journal(await createJournalFile(file), at);
    } catch (thrown) {
      await lock.release();
      throw writeFailed('The journal cannot be laid', thrown);
    }
  }

  /**
   * Repairs a torn last line by cutting it off. Rejects with the journal's own problem when it does not hold
   * together, with RUN_LOCKED while another process drives the run.
   */
  static async open(
    file: string,
    user: JournalUser,
  ): Promise<{ journal: Journal; opened: OpenedJournal }> {
    const lock = await takeLock(lockOf(file), user.session);
    try {
      const opened = await openJournal(file, user.appVersion);
      if (opened.problem !== null) {
        throw AppError.fromJson(opened.problem);
      }
      const { place, hash } = opened;
      const at = { size: place.size, head: place.head, count: place.count, hash, lock, path: file };
      const journal = new Journal(await openJournalFile(file), at);
      journal.#isDirty = opened.tornBytes > 0;
      await journal.#reserveAgain(opened.state);
      return { journal, opened };
    } catch (thrown) {
      await lock.release();
      throw writeFailed('The journal cannot be opened for writing', thrown);
    }
  }

  get head(): string {
    return this.#head;
  }

  /** The process that ended without letting go of this run; null when it was put down in order. */
  get takenFrom(): RunOwner | null {
    return this.#lock?.takenFrom ?? null;
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
    await this.#reserveFor(records);
    await this.#write(bytes);
    this.#hash.update(bytes);
    this.#size += bytes.length;
    this.#head = head;
    this.#count += records.length;
    if (records.some(({ event }) => event.type === 'run.closed')) {
      // The room is not needed any more; a file that stays behind does no harm.
      await this.#file.dropReserve().catch(() => undefined);
    }
    return chained.map(({ whole }) => whole);
  }

  get isCheckpointDue(): boolean {
    const since = this.#count - this.#checkpointCount;
    return since >= Math.max(CHECKPOINT_RECORDS, this.#count / 8);
  }

  /** Saves reading it all when it is opened next. `state` must be folded from exactly what is in it. */
  async checkpoint(state: RunState, appVersion: string): Promise<void> {
    if (
      this.#path === null ||
      !this.#isCheckpointed ||
      this.#count === 0 ||
      state.lastSeq + 1 !== this.#count
    ) {
      return;
    }
    this.#checkpointCount = this.#count;
    const at = { bytes: this.#size, count: this.#count, head: this.#head };
    const folded = { state: packState(state), hash: this.#hash.copy() };
    await writeCheckpoint(this.#path, { ...at, appVersion, ...folded });
  }

  /** Nothing is taken on its word any more, and none is written again. */
  async dropCheckpoint(): Promise<void> {
    this.#isCheckpointed = false;
    if (this.#path !== null) {
      await rm(checkpointOf(this.#path), { force: true });
    }
  }

  async close(): Promise<void> {
    try {
      await this.#file.close();
    } finally {
      await this.#lock?.release();
    }
  }

  async #reserveFor(records: readonly UnchainedRecord[]): Promise<void> {
    const promised = spacePromisedBy(records.map(({ event }) => event));
    if (promised === null) {
      return;
    }
    const mebibytes = (promised / 1024 ** 2).toFixed(1);
    try {
      await this.#file.reserve(promised);
    } catch (thrown) {
      const what = `${mebibytes} MiB cannot be kept for the whole run and its undo`;
      throw writeFailed(what, thrown);
    }
  }

  /** What was given back when the disk was full is taken again if there is room; going on matters more. */
  async #reserveAgain({ phase, steps }: RunState): Promise<void> {
    if (phase !== 'closed') {
      await this.#file.reserve(spaceForRun(steps.length)).catch(() => undefined);
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    for (;;) {
      try {
        await this.#tryWrite(bytes);
        return;
      } catch (thrown) {
        this.#isDirty = true;
        if (!isDiskFull(thrown) || !(await this.#giveBack(bytes.length))) {
          await this.#cutBack();
          throw writeFailed('The journal cannot be written', thrown);
        }
      }
    }
  }

  async #giveBack(bytes: number): Promise<boolean> {
    return this.#file.releaseReserve(bytes).catch(() => false);
  }

  /** What was refused must not be found in the file after a crash. Where this fails too, the next write begins with it. */
  async #cutBack(): Promise<void> {
    await this.#file.truncate(this.#size).then(
      () => {
        this.#isDirty = false;
      },
      () => undefined,
    );
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
