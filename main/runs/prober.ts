import type { Probe } from '../../shared/ipc/views.js';
import type { ServingState } from '../../shared/run/facts.js';
import { meetsHealth } from '../../shared/runbook/health.js';
import type { HealthExpectation } from '../../shared/runbook/schema.js';
import type { HttpPort } from '../connections/ports.js';

export type ProberDeps = {
  readonly http: HttpPort;
  readonly url: string;
  readonly health: HealthExpectation;
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly onProbe: (probe: Probe) => void;
  /** Called once for each change, with the moment the probe that saw it was sent. */
  readonly onChange: (change: HealthChange) => void;
};

export type HealthChange = {
  readonly to: ServingState;
  readonly detail: string;
  readonly sinceMonotonicMs: number;
};

type Sighting = HealthChange & Pick<Probe, 'status' | 'milliseconds'>;

const CALM_INTERVAL_MS = 1_000;
const FAST_INTERVAL_MS = 40;
const TIMEOUT_MS = 2_000;
/** A service that fails every other request is not serving: this many good answers in a row say it is. */
const GOOD_IN_A_ROW = 3;
const WINDOW = 120;

/** Asks the health address again and again: the downtime meter counts what this saw, not what somebody typed. */
export class Prober {
  readonly #deps: ProberDeps;
  readonly #window: Sighting[] = [];
  #current: ServingState = 'not-measured';
  #good: Sighting[] = [];
  #isFast = false;
  #wake: (() => void) | null = null;
  readonly #abort = new AbortController();

  constructor(deps: ProberDeps) {
    this.#deps = deps;
    void this.#loop();
  }

  /** Answers of the last two minutes, oldest first. */
  get window(): readonly Sighting[] {
    return this.#window;
  }

  /** Fast while the version is being exchanged, so that the measured downtime is exact to some 40 ms. */
  setFast(isFast: boolean): void {
    if (isFast && !this.#isFast) {
      this.#wake?.();
    }
    this.#isFast = isFast;
  }

  stop(): void {
    this.#abort.abort();
    this.#wake?.();
  }

  async #loop(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      this.#see(await this.#look());
      await this.#pause(this.#isFast ? FAST_INTERVAL_MS : CALM_INTERVAL_MS);
    }
  }

  async #look(): Promise<Sighting> {
    const { http, url, health, monotonicMs } = this.#deps;
    const sinceMonotonicMs = monotonicMs();
    try {
      const answer = await http.request(
        { method: 'GET', url: url + health.path, timeoutMs: TIMEOUT_MS },
        this.#abort.signal,
      );
      const { isMet, text } = meetsHealth(answer, health);
      const { status, milliseconds } = answer;
      const to = isMet ? 'serving' : 'unhealthy';
      return { to, detail: text, sinceMonotonicMs, status, milliseconds };
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : 'no answer';
      return { to: 'down', detail, sinceMonotonicMs, status: null, milliseconds: null };
    }
  }

  #see(sighting: Sighting): void {
    // A probe that was cut short saw nothing.
    if (this.#abort.signal.aborted) {
      return;
    }
    this.#window.push(sighting);
    if (this.#window.length > WINDOW) {
      this.#window.shift();
    }
    const { status, milliseconds } = sighting;
    this.#deps.onProbe({ state: sighting.to, status, milliseconds, at: this.#deps.now() });
    this.#good = sighting.to === 'serving' ? [...this.#good, sighting].slice(-GOOD_IN_A_ROW) : [];
    const seen = this.#judge(sighting);
    if (seen.to !== this.#current) {
      this.#current = seen.to;
      const { to, detail, sinceMonotonicMs } = seen;
      this.#deps.onChange({ to, detail, sinceMonotonicMs });
    }
  }

  #judge(sighting: Sighting): Sighting {
    if (sighting.to !== 'serving' || this.#current !== 'unhealthy') {
      return sighting;
    }
    const first = this.#good[0];
    return this.#good.length < GOOD_IN_A_ROW || first === undefined
      ? { ...sighting, to: 'unhealthy' }
      : first;
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
