import { AppError } from '../../shared/errors/app-error.js';
import type { ErrorCode } from '../../shared/errors/app-error.js';

export type PatienceDeps = {
  /** Rejects with STEP_STOPPED when the signal fires. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

/** Long enough for a tunnel, a train or a router that starts anew. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 1_000;

/** Repeats over a line that dropped what may be repeated. A host that never answered is not waited for. */
export class Patience {
  readonly #deps: PatienceDeps;
  #hasReached = false;

  constructor(deps: PatienceDeps) {
    this.#deps = deps;
  }

  /** What only reads may be asked again, wherever it broke off. */
  forReading<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#repeat(work, signal, ['HOST_LINE_LOST', 'HOST_UNREACHABLE']);
  }

  /** What changes something may be begun again only where nothing of it was begun. */
  forBeginning<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#repeat(work, signal, ['HOST_UNREACHABLE']);
  }

  async #repeat<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
    codes: readonly ErrorCode[],
  ): Promise<T> {
    for (let waitedMs = 0; ; waitedMs += AGAIN_MS) {
      try {
        const result = await work();
        this.#hasReached = true;
        return result;
      } catch (thrown) {
        const isDrop = thrown instanceof AppError && codes.some((code) => code === thrown.code);
        const mayComeBack =
          isDrop && (this.#hasReached || thrown.code === 'HOST_LINE_LOST') && !signal.aborted;
        if (!mayComeBack || waitedMs >= PATIENCE_MS) {
          throw thrown;
        }
        this.#hasReached = true;
        await this.#deps.delay(AGAIN_MS, signal);
      }
    }
  }
}
