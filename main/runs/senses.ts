import type { Light, LogEntry } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import type { Baseline, WatchSample } from '../../shared/run/facts.js';
import type { Moment, StartedRun } from '../../shared/run/state.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import type { Connections } from '../connections/ports.js';
import type { LogStore } from '../logs/log-store.js';
import { measureBaseline } from './baseline.js';
import type { Clock } from './clock.js';
import { Prober } from './prober.js';
import type { Pace } from './prober.js';
import type { HealthChange } from './health-meter.js';
import type { RunEvents } from './run-events.js';
import { createServiceView } from './service-view.js';
import type { ServiceView } from './service-view.js';
import type { ServicePlace } from './target-search.js';
import { unknownUse } from './use.js';

export type SensesDeps = {
  readonly runId: RunId;
  readonly started: StartedRun;
  readonly place: ServicePlace;
  readonly pool: ConnectionPool;
  readonly logs: { readonly step: LogStore; readonly service: LogStore };
  readonly clock: Clock;
  readonly events: RunEvents;
  /** Takes secrets out of a line before it is kept or shown. */
  readonly redact: (text: string) => string;
  readonly onHealth: (change: HealthChange) => void;
};

const LIGHTS_EVERY_MS = 5_000;
const USE_EVERY_MS = 1_000;

/** Everything around a run that only reads: health, logs, lights, figures. Nothing here changes the target. */
export class Senses {
  readonly #deps: SensesDeps;
  readonly #prober: Prober;
  readonly #abort = new AbortController();
  readonly #errorLine: RegExp;
  readonly #service: ServiceView;
  #errorLines: string[] = [];
  #errorsSampled = 0;
  #engineLights: readonly Light[] = [];
  #dress: (lights: readonly Light[]) => readonly Light[] = (lights) => lights;
  #lastWordAt: Moment | null = null;
  #use = unknownUse;

  constructor(deps: SensesDeps) {
    const { started, pool, clock, runId, events } = deps;
    this.#deps = deps;
    this.#errorLine = new RegExp(started.runbook.service.errorLine);
    this.#service = createServiceView(pool.watching, deps.place);
    this.#prober = new Prober({
      http: pool.watching.http,
      url: started.environment.url,
      health: started.runbook.service.health,
      now: clock.now,
      monotonicMs: clock.monotonicMs,
      onProbe: (probe) => {
        events.probed(runId, probe);
      },
      onChange: deps.onHealth,
    });
    void this.#followLog();
    void this.#keepLights();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get connections(): Connections {
    return this.#deps.pool.connections;
  }

  /** The service's own process and log. */
  get service(): ServiceView {
    return this.#service;
  }

  get window(): Prober['window'] {
    return this.#prober.window;
  }

  get lights(): readonly Light[] {
    return this.#dress([...this.#engineLights, ...this.#deps.pool.hostLights()]);
  }

  /** Shows the lights anew because something about them has changed; `dress` adds what is known beside them. */
  showLights(dress: (lights: readonly Light[]) => readonly Light[]): void {
    this.#dress = dress;
    this.#deps.events.lit(this.#deps.runId, this.lights);
  }

  /** When a step last said something. */
  get lastWordAt(): Moment | null {
    return this.#lastWordAt;
  }

  /** Error lines of the service's log since the console began to listen. */
  get errorLines(): readonly string[] {
    return this.#errorLines;
  }

  setPace(pace: Pace): void {
    this.#prober.setPace(pace);
  }

  baseline(restarts: number | null): Baseline {
    return measureBaseline(this.window, restarts, this.#errorLines);
  }

  /** Error lines from here on count as new. */
  beginSampling(): void {
    this.#errorsSampled = this.#errorLines.length;
  }

  /** Reads the service's use again and again until the signal fires; `sample` shows what it said last. */
  async followUse(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#use = await this.#service.use(signal);
      await this.#deps.clock.delay(USE_EVERY_MS, signal).catch(() => undefined);
    }
    this.#use = unknownUse;
  }

  /** Never waits: an engine takes a second to measure its use, and what it said last is soon enough. */
  sample(): Omit<WatchSample, 'atSeconds'> {
    const { newest } = this.#prober;
    const newErrorLines = this.#errorLines.length - this.#errorsSampled;
    this.#errorsSampled = this.#errorLines.length;
    return {
      serving: newest?.state ?? 'not-measured',
      status: newest?.status ?? null,
      milliseconds: newest?.milliseconds ?? null,
      newErrorLines,
      ...this.#use,
    };
  }

  logStepLine(stepId: string, line: string): void {
    const text = this.#deps.redact(line);
    const isError = this.#errorLine.test(text);
    this.#lastWordAt = this.#deps.clock.moment();
    const { at } = this.#lastWordAt;
    this.#log('step', [{ at, stepId, stream: 'stdout', text, isError }]);
  }

  stop(): void {
    this.#abort.abort();
    this.#prober.stop();
  }

  #followLog(): Promise<void> {
    const { clock } = this.#deps;
    return this.#service.followLog(
      {
        isErrorLine: (text) => this.#errorLine.test(text),
        onEntries: (entries) => {
          this.#log('service', entries);
        },
        delay: clock.delay,
        now: clock.now,
      },
      this.signal,
    );
  }

  async #keepLights(): Promise<void> {
    const { pool, events, runId, clock } = this.#deps;
    while (!this.signal.aborted) {
      this.#engineLights = await pool.check(this.signal);
      events.lit(runId, this.lights);
      await clock.delay(LIGHTS_EVERY_MS, this.signal).catch(() => undefined);
    }
  }

  #log(source: 'step' | 'service', entries: readonly LogEntry[]): void {
    const clean = entries.map((entry) => ({ ...entry, text: this.#deps.redact(entry.text) }));
    if (source === 'service') {
      const errors = clean.filter(({ isError }) => isError).map(({ text }) => text);
      this.#errorLines.push(...errors);
    }
    const store = this.#deps.logs[source];
    const from = store.total;
    store.append(clean);
    this.#deps.events.logged(this.#deps.runId, source, from, clean);
  }
}
