import { AppError } from '../../shared/errors/app-error.js';
import type { RunEvent, RunId, RunRecord } from '../../shared/run/events.js';
import { foldRecords } from '../../shared/run/fold.js';
import { reduce } from '../../shared/run/reduce.js';
import type { RunState } from '../../shared/run/state.js';
import type { UnchainedRecord } from './journal.js';

export type RecorderDeps = {
  readonly runId: RunId;
  readonly session: string;
  /** Where the state stands before `history`; nothing when the run is only beginning. */
  readonly from?: RunState;
  readonly clock: EngineClock;
  /** Must resolve only when the records are on disk: the remote side is touched right after. */
  readonly append: (records: readonly UnchainedRecord[]) => Promise<readonly RunRecord[]>;
  readonly publish: (record: RunRecord) => void;
  /** Called when the journal cannot be written (and with null when it can again). Nothing new is touched meanwhile. */
  readonly onHalt: (error: AppError | null) => void;
};

export type EngineClock = {
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly delay: (milliseconds: number) => Promise<void>;
};

const JOURNAL_RETRY_MS = 1_000;

/** The run's state and the one lock in front of it: the state is what is on disk, never more. */
export class RunRecorder {
  #state: RunState;
  #tail: Promise<unknown> = Promise.resolve();
  #isDisposed = false;
  readonly #deps: RecorderDeps;

  constructor(deps: RecorderDeps, history: readonly RunRecord[]) {
    this.#deps = deps;
    this.#state = foldRecords(history, deps.from);
  }

  get state(): RunState {
    return this.#state;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Runs one read-decide-write section at a time; two clicks can never both see the old state. */
  exclusive<T>(section: (state: RunState) => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => section(this.#state));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Records what `choose` says under the lock. Rejects with JOURNAL_WRITE_FAILED and changes nothing. */
  record(choose: (state: RunState) => readonly RunEvent[]): Promise<boolean> {
    return this.exclusive(async (state) => {
      const events = allowed(state, choose(state));
      await this.#write(events);
      return events.length > 0;
    });
  }

  /**
   * For facts that must not be lost: waits for a disk that cannot be written and tries again, without holding the
   * lock meanwhile. False when, under the lock, there was nothing left to say.
   */
  async recordSurely(choose: (state: RunState) => readonly RunEvent[]): Promise<boolean> {
    let isHalted = false;
    for (;;) {
      try {
        const hasSaid = await this.record(choose);
        if (isHalted) {
          this.#deps.onHalt(null);
        }
        return hasSaid;
      } catch (thrown) {
        const isDisk = thrown instanceof AppError && thrown.code === 'JOURNAL_WRITE_FAILED';
        if (!isDisk || this.#isDisposed) {
          throw thrown;
        }
        isHalted = true;
        this.#deps.onHalt(thrown);
        await this.#deps.clock.delay(JOURNAL_RETRY_MS);
      }
    }
  }

  /** Resolves when what was being recorded is recorded. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.exclusive(() => Promise.resolve());
  }

  async #write(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) {
      return;
    }
    const { runId, session, clock } = this.#deps;
    const records = await this.#deps.append(
      events.map((event, index) => ({
        v: 1,
        runId,
        seq: this.#state.lastSeq + 1 + index,
        at: clock.now(),
        monotonicMs: clock.monotonicMs(),
        session,
        event,
      })),
    );
    for (const record of records) {
      this.#state = reduce(this.#state, record);
      this.#deps.publish(record);
    }
  }
}

/** A run that was handed over goes on elsewhere: a record of ours would part the two journals. */
function allowed({ handedOver }: RunState, events: readonly RunEvent[]): readonly RunEvent[] {
  return handedOver === null ? events : events.filter(({ type }) => type === 'run.taken-over');
}
