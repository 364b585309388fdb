import { AppError } from '../../shared/errors/app-error.js';
import type { Probe } from '../../shared/ipc/views.js';
import type { ServingState } from '../../shared/run/facts.js';
import { meetsHealth } from '../../shared/runbook/health.js';
import type { HealthExpectation } from '../../shared/runbook/schema.js';
import type { HttpPort } from '../connections/ports.js';
import { HealthMeter } from './health-meter.js';
import type { HealthChange } from './health-meter.js';

export type ProberDeps = {
  readonly http: Pick<HttpPort, 'request'>;
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
  /** `not-measured`: the host that asks could not be reached, so nobody knows. */
  readonly state: ServingState;
  readonly detail: string;
  readonly status: number | null;
  readonly milliseconds: number | null;
  readonly sentAtMs: number;
  readonly arrivedAtMs: number;
};

/** How often to ask. `quiet` asks nothing: what was last seen stands. */
export type Pace = 'calm' | 'fast' | 'quiet';

const intervalMs = { calm: 1_000, fast: 40 } as const;
const TIMEOUT_MS = 2_000;
const WINDOW = 120;

/**
 * Asks the health address again and again, never waiting for an earlier answer: one that hangs must not hide that
 * the next is answered. The downtime meter counts what this saw, not what somebody typed.
 *
 * Each look makes a connection of its own, though over a host's line it costs a way more. A connection that is kept hears sooner that a
 * service has ended, but not of one that takes nobody new and still serves whom it has, and never of a new start: there the
 * new callers count. That way is part of the figure: over a far line a downtime comes out longer by it.
 */
export class Prober {
  readonly #deps: ProberDeps;
  readonly #meter: HealthMeter;
  readonly #window: Sighting[] = [];
  readonly #abort = new AbortController();
  #newest: Sighting | null = null;
  #timer: NodeJS.Timeout | undefined;
  #pace: Pace = 'calm';

  constructor(deps: ProberDeps) {
    this.#deps = deps;
    this.#meter = new HealthMeter();
    this.#start('calm');
  }

  /** The newest answers and those that did not come, oldest first. */
  get window(): readonly Sighting[] {
    return this.#window;
  }

  /** What was seen last, also that nothing could be seen. */
  get newest(): Sighting | null {
    return this.#newest;
  }

  /** Fast while the version is being exchanged, so that the measured downtime is exact to some 40 ms. */
  setPace(pace: Pace): void {
    if (pace !== this.#pace && !this.#abort.signal.aborted) {
      this.#pace = pace;
      clearInterval(this.#timer);
      if (pace !== 'quiet') {
        this.#start(pace);
      }
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#abort.abort();
  }

  #start(pace: keyof typeof intervalMs): void {
    void this.#probe();
    this.#timer = setInterval(() => {
      void this.#probe();
    }, intervalMs[pace]);
  }

  async #probe(): Promise<void> {
    const sighting = await this.#look();
    // A probe that was cut short saw nothing.
    if (this.#abort.signal.aborted) {
      return;
    }
    this.#newest = sighting;
    if (sighting.state !== 'not-measured') {
      this.#window.push(sighting);
    }
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
      const state = isAnswered(thrown) ? 'down' : 'not-measured';
      return { state, detail, status: null, milliseconds: null, sentAtMs, arrivedAtMs };
    }
  }
}

/** False where the line to the host that asks is the trouble: the service behind it may serve all the while. */
function isAnswered(thrown: unknown): boolean {
  return !(thrown instanceof AppError) || thrown.code === 'HTTP_NO_ANSWER';
}
