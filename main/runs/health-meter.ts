import type { ServingState } from '../../shared/run/facts.js';
import type { Sighting } from './prober.js';

export type HealthChange = {
  readonly to: ServingState;
  readonly detail: string;
  /** On the session's monotonic clock. */
  readonly sinceMonotonicMs: number;
};

/** A service that fails every other request is not serving: this many good answers in a row say it is. */
const GOOD_IN_A_ROW = 3;

/**
 * Turns sightings into changes. It is down from the moment the first unanswered request was sent, and up from the
 * moment the next answer arrived: what a caller would have lived through. Sightings may come in any order.
 */
export class HealthMeter {
  #current: ServingState = 'not-measured';
  /** When the newest answer so far arrived: a request sent before that and unanswered since proves nothing new. */
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  #good: Sighting[] = [];

  see(sighting: Sighting): HealthChange | null {
    const { state } = sighting;
    return state === 'down' || state === 'not-measured'
      ? this.#seeNothing(sighting, state)
      : this.#seeAnswer(sighting);
  }

  #seeNothing(sighting: Sighting, state: 'down' | 'not-measured'): HealthChange | null {
    if (sighting.sentAtMs < this.#answeredAtMs) {
      return null;
    }
    this.#good = [];
    return this.#change(state, sighting.detail, sighting.sentAtMs);
  }

  #seeAnswer(sighting: Sighting): HealthChange | null {
    const { state, detail, arrivedAtMs } = sighting;
    this.#answeredAtMs = Math.max(this.#answeredAtMs, arrivedAtMs);
    this.#good = state === 'serving' ? [...this.#good, sighting].slice(-GOOD_IN_A_ROW) : [];
    if (state === 'unhealthy' || this.#current !== 'unhealthy') {
      return this.#change(state, detail, arrivedAtMs);
    }
    const [first] = this.#good;
    return this.#good.length < GOOD_IN_A_ROW || first === undefined
      ? null
      : this.#change('serving', first.detail, first.arrivedAtMs);
  }

  #change(to: ServingState, detail: string, sinceMonotonicMs: number): HealthChange | null {
    if (to === this.#current) {
      return null;
    }
    this.#current = to;
    return { to, detail, sinceMonotonicMs };
  }
}
