/** A deadline that stands still while a person thinks. */
export class Patience {
  readonly #onEnd: () => void;
  #leftMs: number;
  #since = 0;
  #pauses = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(milliseconds: number, onEnd: () => void) {
    this.#leftMs = milliseconds;
    this.#onEnd = onEnd;
    this.#run();
  }

  /** Does not count while `work` is under way. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    this.#pauses += 1;
    this.#halt();
    try {
      return await work();
    } finally {
      this.#pauses -= 1;
      if (this.#pauses === 0) {
        this.#run();
      }
    }
  }

  stop(): void {
    this.#halt();
    this.#leftMs = Number.POSITIVE_INFINITY;
  }

  #run(): void {
    if (Number.isFinite(this.#leftMs)) {
      this.#since = performance.now();
      this.#timer = setTimeout(this.#onEnd, this.#leftMs);
    }
  }

  #halt(): void {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
      this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#since));
    }
  }
}
