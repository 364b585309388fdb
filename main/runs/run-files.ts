import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.js';
import { RunId } from '../../shared/run/events.js';
import { Journal } from '../engine/journal.js';
import { readJournal } from '../engine/journal-format.js';
import type { JournalContents } from '../engine/journal-format.js';
import { makeRunFolders } from '../storage/data-paths.js';
import type { DataPaths } from '../storage/data-paths.js';

/** Where runs lie: `<folder>/<run id>/journal.jsonl`, with logs and reports beside it. */
export class RunFiles {
  readonly #paths: DataPaths;

  constructor(paths: DataPaths) {
    this.#paths = paths;
  }

  logFolderOf(runId: RunId): string {
    return this.#paths.run(runId).log;
  }

  async create(): Promise<{ runId: RunId; journal: Journal }> {
    const runId = RunId.parse(randomUUID());
    makeRunFolders(this.#paths.run(runId));
    return { runId, journal: await Journal.create(this.#journalOf(runId)) };
  }

  async open(runId: RunId): Promise<{ journal: Journal; contents: JournalContents }> {
    await this.#mustExist(runId);
    return Journal.open(this.#journalOf(runId));
  }

  /** Reads without repairing anything. RUN_NOT_FOUND when there is no such run. */
  async read(runId: RunId): Promise<JournalContents> {
    await this.#mustExist(runId);
    return readJournal(await readFile(this.#journalOf(runId)));
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
    if (!(await this.list()).includes(runId)) {
      throw new AppError('RUN_NOT_FOUND', `There is no run ${runId}.`);
    }
  }

  #journalOf(runId: RunId): string {
    return this.#paths.run(runId).journal;
  }
}
