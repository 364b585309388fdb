import type { Foresight } from '../../shared/plan/foresight.js';
import type { Shown } from './step-kind.js';

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

  /** Null where nothing was shown. */
  of(stepId: string): Shown | null {
    const { foresight = null, atMs = 0 } = this.#all.get(stepId) ?? {};
    return foresight === null ? null : { foresight, isFresh: this.#nowMs() - atMs < freshMs };
  }
}
