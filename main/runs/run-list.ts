import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunSummary } from '../../shared/ipc/views.js';
import { byTime } from '../../shared/newest-first.js';
import type { RunId } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import type { IndexEntry, RunIndex } from '../storage/run-index.js';
import type { Clock } from './clock.js';
import type { JournalStamp, RunFiles } from './run-files.js';
import { summarize, summarizeProblem } from './summarize.js';

export type RunListDeps = {
  readonly files: RunFiles;
  /** Null where nothing is kept: then every journal is read each time. */
  readonly index: RunIndex | null;
  readonly clock: Clock;
};

const AT_ONCE = 8;
const RECHECK_AT_ONCE = 64;

/**
 * Every run on disk for lists, newest first. What the index holds of an open run is taken only while its journal is
 * the same; a closed one is shown at once and compared behind it, ready for the next list.
 */
export class RunList {
  readonly #deps: RunListDeps;
  #entries: Map<RunId, IndexEntry> | null = null;
  #rechecking: Promise<void> = Promise.resolve();

  constructor(deps: RunListDeps) {
    this.#deps = deps;
  }

  async read(live: ReadonlyMap<RunId, { readonly state: RunState }>): Promise<RunSummary[]> {
    const { files, index, clock } = this.#deps;
    // The folder is listed while the index is read: together they are most of what a list takes.
    const listing = files.list();
    this.#entries ??= index?.load() ?? new Map<RunId, IndexEntry>();
    const runIds = await listing;
    this.#forgetAllBut(new Set(runIds));
    const stale = runIds.filter((runId) => !live.has(runId) && !this.#isFresh(runId));
    await this.#renew(stale);
    const summaries: RunSummary[] = [];
    for (const runId of runIds) {
      const driven = live.get(runId);
      const kept = this.#entries.get(runId)?.summary ?? null;
      const onDisk = kept === null || isFinal(kept) ? kept : await this.#withOwner(kept);
      const summary = driven === undefined ? onDisk : summarize(driven.state, clock.moment(), true);
      if (summary !== null) {
        summaries.push(summary);
      }
    }
    this.#recheckBehind(live);
    return summaries.sort((left, right) => byTime(right.startedAt, left.startedAt));
  }

  /** RUN_ALREADY_OPEN names the run. One that cannot be read to its end cannot be continued, so it does not count. */
  async refuseSecond(
    live: ReadonlyMap<RunId, { readonly state: RunState }>,
    service: string,
    environment: string,
  ): Promise<void> {
    const open = (await this.read(live)).find(
      (run) =>
        run.outcome === null &&
        run.problem === null &&
        run.service === service &&
        run.environment === environment,
    );
    if (open !== undefined) {
      throw new AppError(
        'RUN_ALREADY_OPEN',
        `Run ${open.runId} of ${open.service} on ${open.environment}, started ${open.startedAt}, is still open.`,
      );
    }
  }

  /** Resolves when the closed runs of the last list have been compared with their journals. */
  settled(): Promise<void> {
    return this.#rechecking;
  }

  async dispose(): Promise<void> {
    const entries = this.#entries;
    this.#entries = new Map();
    await this.#rechecking;
    this.#entries = entries;
    this.#deps.index?.close();
  }

  #isFresh(runId: RunId): boolean {
    const entry = this.#entries?.get(runId);
    if (entry === undefined) {
      return false;
    }
    return isFinal(entry.summary) || isSame(entry, this.#deps.files.stampNow(runId));
  }

  #forgetAllBut(runIds: ReadonlySet<RunId>): void {
    const gone = [...(this.#entries?.keys() ?? [])].filter((runId) => !runIds.has(runId));
    if (gone.length > 0) {
      for (const runId of gone) {
        this.#entries?.delete(runId);
      }
      this.#deps.index?.remove(gone);
    }
  }

  async #renew(runIds: readonly RunId[]): Promise<void> {
    const renewed: IndexEntry[] = [];
    for (let from = 0; from < runIds.length; from += AT_ONCE) {
      const some = runIds.slice(from, from + AT_ONCE);
      const entries = await Promise.all(some.map((runId) => this.#entryOf(runId)));
      for (const entry of entries.flatMap((known) => known ?? [])) {
        this.#entries?.set(entry.summary.runId, entry);
        renewed.push(entry);
      }
    }
    this.#deps.index?.put(renewed);
  }

  /** Null for a folder in which no run ever came to its first record: nothing was touched by it. */
  async #entryOf(runId: RunId): Promise<IndexEntry | null> {
    const { files, clock } = this.#deps;
    // Before it is read: what is added meanwhile makes the line stale, not wrong for good.
    const stamp = await files.stamp(runId);
    if (stamp === null) {
      return null;
    }
    const read = await files.glance(runId).then(
      ({ state, problem }) => ({ state, problem: problem?.message ?? null }),
      (thrown: unknown) => ({ state: null, problem: reasonOf(thrown) }),
    );
    const summary = read.state === null ? null : summarize(read.state, clock.moment(), false);
    if (read.problem === null) {
      return summary === null ? null : { ...stamp, summary };
    }
    const startedAt = new Date(stamp.mtimeMs).toISOString();
    return { ...stamp, summary: summarizeProblem(runId, summary, read.problem, startedAt) };
  }

  async #withOwner(summary: RunSummary): Promise<RunSummary> {
    const owner = await this.#deps.files.ownerOf(summary.runId);
    // What another console carries out just now is in doubt for nobody.
    return { ...summary, owner, unknownSteps: owner === null ? summary.unknownSteps : [] };
  }

  #recheckBehind(live: ReadonlyMap<RunId, unknown>): void {
    this.#rechecking = this.#rechecking
      // What is shown goes first.
      .then(() => turn())
      .then(() => this.#recheck(this.#closedOnes(live)))
      .catch(() => undefined);
  }

  #closedOnes(live: ReadonlyMap<RunId, unknown>): (readonly [RunId, IndexEntry])[] {
    return [...(this.#entries ?? [])].filter(
      ([runId, { summary }]) => isFinal(summary) && !live.has(runId),
    );
  }

  async #recheck(closed: readonly (readonly [RunId, IndexEntry])[]): Promise<void> {
    for (let from = 0; from < closed.length; from += RECHECK_AT_ONCE) {
      const some = closed.slice(from, from + RECHECK_AT_ONCE);
      const stale = await Promise.all(
        some.map(async ([runId, entry]) => {
          const isKnown = this.#entries?.get(runId) === entry;
          return isKnown && !isSame(entry, await this.#deps.files.stamp(runId)) ? [runId] : [];
        }),
      );
      await this.#renew(stale.flat());
    }
  }
}

/** A closed run that reads well changes only by its review; nobody drives it. */
function isFinal({ outcome, problem }: RunSummary): boolean {
  return outcome !== null && problem === null;
}

function isSame(entry: IndexEntry, stamp: JournalStamp | null): boolean {
  return stamp !== null && entry.size === stamp.size && entry.mtimeMs === stamp.mtimeMs;
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'an error';
  return `The journal cannot be read (${code}).`;
}
