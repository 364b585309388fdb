import { createHash, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/errors/app-error.js';
import { RunId } from '../../shared/run/events.js';
import type { RunOwner } from '../../shared/run/run-owner.js';
import { Journal, lockOf } from '../engine/journal.js';
import type { JournalUser } from '../engine/journal.js';
import { readJournal } from '../engine/journal-format.js';
import { readPage } from '../engine/journal-page.js';
import type { JournalPage } from '../engine/journal-page.js';
import type { JournalContents, JournalProblem } from '../engine/journal-format.js';
import { openJournal } from '../engine/open-journal.js';
import type { OpenedJournal } from '../engine/open-journal.js';
import { ownerOf, takeLock } from '../engine/run-lock.js';
import type { RunLock } from '../engine/run-lock.js';
import { writeFileAtomically } from '../storage/atomic-file.js';
import { makeRunFolders } from '../storage/data-paths.js';
import type { DataPaths } from '../storage/data-paths.js';
import { Vault } from '../storage/vault.js';

/** A start takes a moment, so another one waits for it: then it can name the run it must not stand beside. */
const CLAIM_LOOKS = 100;
const CLAIM_LOOK_AGAIN_MS = 100;

/** Tells a journal that has changed from one that has not, without reading it. */
export type JournalStamp = { readonly size: number; readonly mtimeMs: number };

/** Where runs lie: `<folder>/<run id>/journal.jsonl`, with its lock, logs and reports beside it. */
export class RunFiles {
  readonly #paths: DataPaths;
  readonly #user: JournalUser;
  /** Apart from the runs' own folders, so that what is exported or handed over carries no secret. */
  readonly vault: Vault;

  constructor(paths: DataPaths, user: JournalUser = { session: randomUUID(), appVersion: '' }) {
    this.#paths = paths;
    this.#user = user;
    this.vault = new Vault(paths.vault);
  }

  logFolderOf(runId: RunId): string {
    return this.#paths.run(runId).log;
  }

  async create(): Promise<{ runId: RunId; journal: Journal }> {
    const runId = RunId.parse(randomUUID());
    try {
      makeRunFolders(this.#paths.run(runId));
      return { runId, journal: await Journal.create(this.#journalOf(runId), this.#user) };
    } catch (thrown) {
      await this.discard(runId);
      throw thrown;
    }
  }

  /** Takes away what a start left that never came to its first record: nothing was promised by it. */
  async discard(runId: RunId): Promise<void> {
    await rm(this.#paths.run(runId).folder, { recursive: true, force: true }).catch(
      () => undefined,
    );
  }

  /** RUN_LOCKED while another process drives it; the journal's own problem when it does not hold together. */
  async open(runId: RunId): Promise<{ journal: Journal; opened: OpenedJournal }> {
    await this.#mustExist(runId);
    const { journal, opened } = await Journal.open(this.#journalOf(runId), this.#user);
    const problem = strayProblem(runId, opened.state.started?.runId);
    if (problem !== null) {
      await journal.close();
      throw AppError.fromJson(problem);
    }
    return { journal, opened };
  }

  /** Reads strictly, without repairing anything. RUN_NOT_FOUND when there is no such run. */
  async read(runId: RunId): Promise<JournalContents> {
    await this.#mustExist(runId);
    const contents = readJournal(await readFile(this.#journalOf(runId)));
    const stray = strayProblem(runId, contents.records[0]?.runId);
    return stray === null ? contents : { ...contents, records: [], problem: stray };
  }

  /**
   * The folded state as fast as it can be had, or strictly where the checkpoint is not to be trusted; takes no lock,
   * so it says nothing about who drives the run. RUN_NOT_FOUND when there is no such run.
   */
  async glance(runId: RunId, isCheckpointTrusted = true): Promise<OpenedJournal> {
    await this.#mustExist(runId);
    const version = isCheckpointTrusted ? this.#user.appVersion : null;
    const opened = await openJournal(this.#journalOf(runId), version);
    const stray = strayProblem(runId, opened.state.started?.runId);
    return stray === null ? opened : { ...opened, problem: stray };
  }

  /** The newest whole lines before that byte; null for the end. RUN_NOT_FOUND when there is no such run. */
  async page(runId: RunId, before: number | null): Promise<JournalPage> {
    await this.#mustExist(runId);
    return readPage(this.#journalOf(runId), before);
  }

  /** The journal as it lies there, to the byte; null when there is no such run. */
  async bytes(runId: RunId): Promise<Buffer | null> {
    return (await this.stamp(runId)) === null ? null : readFile(this.#journalOf(runId));
  }

  /** Lays down a journal that was written elsewhere, whole or not at all. Must begin with what lies here already. */
  async adopt(runId: RunId, journal: Buffer): Promise<void> {
    makeRunFolders(this.#paths.run(runId));
    const file = this.#journalOf(runId);
    const lock = await takeLock(lockOf(file), this.#user.session);
    try {
      await writeFileAtomically(file, journal);
    } finally {
      await lock.release();
    }
  }

  /** Which process drives it now; null when none does. This very process counts as one. */
  ownerOf(runId: RunId): Promise<RunOwner | null> {
    return ownerOf(lockOf(this.#journalOf(runId)));
  }

  /**
   * Held from the look for an open run to the first record of a new one, so that two processes cannot both find
   * none. RUN_LOCKED names who is just starting one.
   */
  async claim(service: string, environment: string): Promise<RunLock> {
    const name = createHash('sha256')
      .update(JSON.stringify([service, environment]))
      .digest('hex');
    const file = path.join(this.#paths.runs, '.starting', name.slice(0, 32));
    for (let look = 1; ; look += 1) {
      try {
        return await takeLock(file, this.#user.session);
      } catch (thrown) {
        const isHeld = thrown instanceof AppError && thrown.code === 'RUN_LOCKED';
        if (!isHeld || look === CLAIM_LOOKS) {
          throw thrown;
        }
        await sleep(CLAIM_LOOK_AGAIN_MS);
      }
    }
  }

  stampNow(runId: RunId): JournalStamp | null {
    const found = statSync(this.#journalOf(runId), { throwIfNoEntry: false });
    return found === undefined ? null : { size: found.size, mtimeMs: found.mtimeMs };
  }

  stamp(runId: RunId): Promise<JournalStamp | null> {
    return stat(this.#journalOf(runId)).then(
      ({ size, mtimeMs }) => ({ size, mtimeMs }),
      () => null,
    );
  }

  /** Every run on disk, in no order. A folder that is not a run is passed over. */
  async list(): Promise<readonly RunId[]> {
    const names = await readdir(this.#paths.runs).catch(() => []);
    return names.flatMap((name) => {
      const parsed = RunId.safeParse(name);
      return parsed.success ? [parsed.data] : [];
    });
  }

  async #mustExist(runId: RunId): Promise<void> {
    if ((await this.stamp(runId)) === null) {
      throw new AppError('RUN_NOT_FOUND', `There is no run ${runId}.`);
    }
  }

  #journalOf(runId: RunId): string {
    return this.#paths.run(runId).journal;
  }
}

/** A journal that was copied into the folder of another run. */
function strayProblem(runId: RunId, found: RunId | undefined): JournalProblem | null {
  return found === undefined || found === runId
    ? null
    : {
        code: 'JOURNAL_FOREIGN',
        message: `The journal in this folder is that of run ${found}.`,
        retryable: false,
        line: 1,
      };
}
