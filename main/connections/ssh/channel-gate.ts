import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ExecOptions } from './line.js';
import { stopped } from './ssh-errors.js';

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
  /** Of those who only wait to be used, the oldest first: they give way. */
  readonly #spares = new Set<() => boolean>();

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
      this.#makeRoom();
    });
  }

  /** For what may as well not be there: null unless another place is left. `onWanted` answers whether it gives way. */
  enterSpare(onWanted: () => boolean): Place | null {
    if (this.#open + 2 > this.#limit || this.#waiting.length > 0) {
      return null;
    }
    this.#open += 1;
    this.#spares.add(onWanted);
    const place = this.#place();
    const forget = (): void => {
      this.#spares.delete(onWanted);
    };
    return {
      leave: () => {
        forget();
        place.leave();
      },
      refuse: (timesAlone) => {
        forget();
        return place.refuse(timesAlone);
      },
    };
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

  #makeRoom(): void {
    let wanted = this.#waiting.length;
    for (const giveWay of this.#spares) {
      if (wanted === 0) {
        return;
      }
      this.#spares.delete(giveWay);
      wanted -= giveWay() ? 1 : 0;
    }
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

/** A place for one command; what only waits to be used is not let in where it would stand in the way. */
export async function enterGate(
  gate: ChannelGate,
  onWanted: ExecOptions['onWanted'],
  signal: AbortSignal,
  name: string,
): Promise<Place> {
  if (onWanted === undefined) {
    return gate.enter(signal, () => stopped(name));
  }
  const place = gate.enterSpare(onWanted);
  if (place === null) {
    throw new AppError('HOST_CHANNELS_EXHAUSTED', `${name} has no room for a spare channel.`);
  }
  return place;
}
