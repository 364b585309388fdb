import type { RunRecord } from './events.js';
import { emptyRun, reduce } from './reduce.js';
import type { HealthSpan, RunState } from './state.js';
import type { WatchSample } from './facts.js';

type Note = RunState['notes'][number];

/**
 * Folds many records in one go. What comes by the thousand (samples, spans of health, notes) is only ever added to,
 * and `reduce` copies it for each record; here it is gathered aside, so that the time grows with the number of
 * records and not with its square. Gives the same state as `records.reduce(reduce, from)`.
 */
export class Fold {
  #state: RunState;
  readonly #health: HealthSpan[];
  readonly #notes: Note[];
  #samples: WatchSample[];

  constructor(from: RunState = emptyRun) {
    this.#health = [...from.health];
    this.#notes = [...from.notes];
    this.#samples = [...(from.watch?.samples ?? [])];
    this.#state = withBulk(from, [], [], []);
  }

  get lastSeq(): number {
    return this.#state.lastSeq;
  }

  add(record: RunRecord): void {
    const next = reduce(this.#state, record);
    if (record.event.type === 'watch.started') {
      this.#samples = [];
    }
    this.#health.push(...next.health);
    this.#notes.push(...next.notes);
    this.#samples.push(...(next.watch?.samples ?? []));
    const isBulky =
      next.health.length > 0 || next.notes.length > 0 || (next.watch?.samples.length ?? 0) > 0;
    this.#state = isBulky ? withBulk(next, [], [], []) : next;
  }

  /** A state of its own: what is added later does not change it. */
  finish(): RunState {
    return withBulk(this.#state, [...this.#health], [...this.#notes], [...this.#samples]);
  }
}

export function foldRecords(records: readonly RunRecord[], from: RunState = emptyRun): RunState {
  const fold = new Fold(from);
  for (const record of records) {
    fold.add(record);
  }
  return fold.finish();
}

function withBulk(
  state: RunState,
  health: readonly HealthSpan[],
  notes: readonly Note[],
  samples: readonly WatchSample[],
): RunState {
  const watch = state.watch === null ? null : { ...state.watch, samples };
  return { ...state, health, notes, watch };
}
