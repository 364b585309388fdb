import type { Foresight } from '../../shared/plan/foresight.js';

/** Long enough to read an approval and give it; what was shown is still what a look would say. */
const freshMs = 30_000;

/** What was shown for the approval of each step, for as long as it is worth something. */
export class Foreseen {
  readonly #nowMs: () => number;
  readonly #all = new Map<
    string,
    { readonly foresight: Foresight | null; readonly atMs: number }
  >();

  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  keep(stepId: string, foresight: Foresight | null): Foresight | null {
    this.#all.set(stepId, { foresight, atMs: this.#nowMs() });
    return foresight;
  }

  /** Null where it is too old, or nothing was shown. */
  of(stepId: string): Foresight | null {
    const found = this.#all.get(stepId);
    return found !== undefined && this.#nowMs() - found.atMs < freshMs ? found.foresight : null;
  }
}
