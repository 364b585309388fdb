import { setTimeout as wait } from 'node:timers/promises';

const mostTimesAlone = 3;
const clearingUpMs = 150;

export type Place = {
  readonly leave: () => void;
  /**
   * The server took no more: from now on no more are let in than stand beside this one, which leaves. Resolves when
   * trying again is worth while; false when it has stood alone too often, so that waiting would not help.
   */
  readonly refuse: (timesAlone: number) => Promise<'again' | 'again-alone' | 'in-vain'>;
};

type Waiter = { readonly enter: () => void; readonly leave: (reason: Error) => void };

/** So many at once, the others in the order in which they came. A server may turn out to take fewer. */
export class ChannelGate {
  #limit: number;
  #open = 0;
  readonly #waiting: Waiter[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with a place, to be given back. Rejects with `reason()` when the signal fires first. */
  enter(signal: AbortSignal, reason: () => Error): Promise<Place> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(reason());
        return;
      }
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(reason());
      };
      const waiter: Waiter = {
        enter: () => {
          signal.removeEventListener('abort', onAbort);
          this.#open += 1;
          resolve(this.#place());
        },
        leave: (thrown) => {
          signal.removeEventListener('abort', onAbort);
          reject(thrown);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  /** Everybody who waits is told why they wait in vain. */
  clear(reason: Error): void {
    for (const waiter of this.#waiting.splice(0)) {
      waiter.leave(reason);
    }
  }

  #place(): Place {
    let isInside = true;
    const leave = (): void => {
      if (isInside) {
        isInside = false;
        this.#open -= 1;
        this.#admit();
      }
    };
    const refuse: Place['refuse'] = async (timesAlone) => {
      const others = this.#open - 1;
      this.#limit = Math.max(1, Math.min(this.#limit, others));
      leave();
      if (others > 0) {
        return 'again';
      }
      if (timesAlone >= mostTimesAlone) {
        return 'in-vain';
      }
      // A server may still be clearing up after the one before.
      await wait(clearingUpMs);
      return 'again-alone';
    };
    return { leave, refuse };
  }

  #admit(): void {
    while (this.#open < this.#limit) {
      const waiter = this.#waiting.shift();
      if (waiter === undefined) {
        return;
      }
      waiter.enter();
    }
  }
}
