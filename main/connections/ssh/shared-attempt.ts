/** Many may wait for one piece of work; it is given up only when nobody waits any more. */
export class SharedAttempt<T> {
  readonly #abort = new AbortController();
  readonly #work: Promise<T>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work(this.#abort.signal);
    this.#work.catch(() => undefined);
  }

  get isGivenUp(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Rejects with `reason()` when the signal fires first; the work then goes on for the others. */
  wait(signal: AbortSignal, reason: () => Error): Promise<T> {
    if (signal.aborted) {
      return Promise.reject(reason());
    }
    this.#waiting += 1;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        reject(reason());
        this.#leave();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
      };
      this.#work.then(resolve, reject).finally(settle);
    });
  }

  /** Runs `done` when the work has ended, however it ended. */
  whenOver(done: () => void): void {
    this.#work.then(done, done);
  }

  giveUp(): void {
    this.#abort.abort();
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) {
      this.#abort.abort();
    }
  }
}
