import type { Probe } from '../../shared/ipc/views.js';
import type { ServingState } from '../../shared/run/facts.js';
import { meetsHealth } from '../../shared/runbook/health.js';
import type { HealthExpectation } from '../../shared/runbook/schema.js';
import type { HttpPort } from '../connections/ports.js';
import { HealthMeter } from './health-meter.js';
import type { HealthChange } from './health-meter.js';

export type ProberDeps = {
  readonly http: HttpPort;
  readonly url: string;
  readonly health: HealthExpectation;
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly onProbe: (probe: Probe) => void;
  /** Called once for each change, with the moment from which it holds. */
  readonly onChange: (change: HealthChange) => void;
};

/** One answer of the health address, or that none came. */
export type Sighting = {
  readonly state: Exclude<ServingState, 'not-measured'>;
  readonly detail: string;
  readonly status: number | null;
  readonly milliseconds: number | null;
  readonly sentAtMs: number;
  readonly arrivedAtMs: number;
};

const CALM_INTERVAL_MS = 1_000;
const FAST_INTERVAL_MS = 40;
const TIMEOUT_MS = 2_000;
const WINDOW = 120;

/**
 * Asks the health address again and again, never waiting for an earlier answer: one that hangs must not hide that
 * the next is answered. The downtime meter counts what this saw, not what somebody typed.
 */
export class Prober {
  readonly #deps: ProberDeps;
  readonly #meter: HealthMeter;
  readonly #window: Sighting[] = [];
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout;
  #isFast = false;

  constructor(deps: ProberDeps) {
    this.#deps = deps;
    this.#meter = new HealthMeter();
    this.#timer = this.#start();
  }

  /** The newest answers, oldest first. */
  get window(): readonly Sighting[] {
    return this.#window;
  }

  /** Fast while the version is being exchanged, so that the measured downtime is exact to some 40 ms. */
  setFast(isFast: boolean): void {
    if (isFast !== this.#isFast && !this.#abort.signal.aborted) {
      this.#isFast = isFast;
      clearInterval(this.#timer);
      this.#timer = this.#start();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#abort.abort();
  }

  #start(): NodeJS.Timeout {
    void this.#probe();
    return setInterval(
      () => {
        void this.#probe();
      },
      this.#isFast ? FAST_INTERVAL_MS : CALM_INTERVAL_MS,
    );
  }

  async #probe(): Promise<void> {
    const sighting = await this.#look();
    // A probe that was cut short saw nothing.
    if (this.#abort.signal.aborted) {
      return;
    }
    this.#window.push(sighting);
    if (this.#window.length > WINDOW) {
      this.#window.shift();
    }
    const { state, status, milliseconds } = sighting;
    this.#deps.onProbe({ state, status, milliseconds, at: this.#deps.now() });
    const change = this.#meter.see(sighting);
    if (change !== null) {
      this.#deps.onChange(change);
    }
  }

  async #look(): Promise<Sighting> {
    const { http, url, health, monotonicMs } = this.#deps;
    const sentAtMs = monotonicMs();
    try {
      const answer = await http.request(
        { method: 'GET', url: url + health.path, timeoutMs: TIMEOUT_MS },
        this.#abort.signal,
      );
      const { isMet, text: detail } = meetsHealth(answer, health);
      const { status, milliseconds } = answer;
      const state = isMet ? 'serving' : 'unhealthy';
      return { state, detail, status, milliseconds, sentAtMs, arrivedAtMs: monotonicMs() };
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : 'no answer';
      const arrivedAtMs = monotonicMs();
      return { state: 'down', detail, status: null, milliseconds: null, sentAtMs, arrivedAtMs };
    }
  }
}
