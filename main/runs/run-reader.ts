import { AppError } from '../../shared/errors/app-error.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { emptyRun } from '../../shared/run/reduce.js';
import type { RunOwner } from '../../shared/run/run-owner.js';
import type { RunState } from '../../shared/run/state.js';
import type { JournalProblem } from '../engine/journal-format.js';
import type { OpenedJournal } from '../engine/open-journal.js';
import type { RunEvents } from './run-events.js';
import type { RunFiles } from './run-files.js';

export type ReadRun = {
  /** Folded from every record before the problem; `records` may already be further. */
  readonly state: RunState;
  /** The newest ones. */
  readonly records: readonly RunRecord[];
  /** The byte of the journal before which the older ones lie; 0 where there are none. */
  readonly older: number;
  /** Where the journal breaks; then the run is only read. */
  readonly problem: JournalProblem | null;
  /** Which other process drives it. */
  readonly owner: RunOwner | null;
};

export type OlderRecords = Pick<ReadRun, 'records' | 'older'>;

export type RunReaderDeps = {
  readonly files: RunFiles;
  readonly events: Pick<RunEvents, 'halted'>;
  readonly onFault: (thrown: unknown) => void;
};

/**
 * Reads runs to be looked at; touches nothing. A long journal is shown from its checkpoint at once and gone through
 * line by line behind it; what does not hold is then said, and the run is read strictly from there on.
 */
export class RunReader {
  readonly #deps: RunReaderDeps;
  /** The head up to which every line has been gone through, or is just being. */
  readonly #checked = new Map<RunId, string>();
  readonly #broken = new Map<RunId, JournalProblem>();

  constructor(deps: RunReaderDeps) {
    this.#deps = deps;
  }

  /** `live` is the state of a run that this process drives: its journal was checked when it was taken up. */
  async read(runId: RunId, live: RunState | null): Promise<ReadRun> {
    const { files } = this.#deps;
    if (live !== null) {
      this.#broken.delete(runId);
      const { records, from } = await files.page(runId, null);
      return { state: live, records, older: from, problem: null, owner: null };
    }
    const owner = await files.ownerOf(runId);
    const opened = await files.glance(runId, !this.#broken.has(runId));
    if (isStray(runId, opened)) {
      return { state: emptyRun, records: [], older: 0, problem: opened.problem, owner };
    }
    const page = await files.page(runId, opened.place.size);
    const problem = opened.problem ?? page.problem ?? this.#broken.get(runId) ?? null;
    this.#checkBehind(runId, opened);
    return { state: opened.state, records: page.records, older: page.from, problem, owner };
  }

  /** The journal's own problem where the piece does not hold together. */
  async older(runId: RunId, before: number): Promise<OlderRecords> {
    const { records, from, problem } = await this.#deps.files.page(runId, before);
    if (problem !== null) {
      throw AppError.fromJson(problem);
    }
    return { records, older: from };
  }

  #checkBehind(runId: RunId, { checkBehind, place }: OpenedJournal): void {
    if (checkBehind === null || this.#checked.get(runId) === place.head) {
      return;
    }
    this.#checked.set(runId, place.head);
    checkBehind()
      .then((problem) => {
        if (problem !== null) {
          this.#broken.set(runId, problem);
          this.#deps.events.halted(runId, AppError.fromJson(problem));
        }
      })
      .catch(this.#deps.onFault);
  }
}

function isStray(runId: RunId, { state: { started } }: OpenedJournal): boolean {
  return started !== null && started.runId !== runId;
}
