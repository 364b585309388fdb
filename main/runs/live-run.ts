import type { Light, LogEntry } from '../../shared/ipc/views.js';
import { isExecuting } from '../../shared/run/select.js';
import { provenItems } from '../../shared/run/proven-items.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunEvent, RunId, RunRecord } from '../../shared/run/events.js';
import type { Baseline, WatchSample } from '../../shared/run/facts.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import type { Target } from '../../shared/plan/target.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import type { DockerPort } from '../connections/ports.js';
import type { Journal } from '../engine/journal.js';
import { RunEngine } from '../engine/run-engine.js';
import type { LogStore } from '../logs/log-store.js';
import { createStepRunner } from '../steps/step-runner.js';
import { measureBaseline } from './baseline.js';
import type { Clock } from './clock.js';
import { Prober } from './prober.js';
import type { RunEvents } from './run-events.js';
import { followServiceLog } from './service-log.js';
import { placeOf } from './target-search.js';
import type { SearchPlace } from './target-search.js';
import { keepWatch } from './watch.js';
import { kindOf } from '../steps/registry.js';

export type LiveRunDeps = {
  readonly runId: RunId;
  readonly started: StartedRun;
  readonly journal: Journal;
  readonly history: readonly RunRecord[];
  readonly pool: ConnectionPool;
  readonly logs: { readonly step: LogStore; readonly service: LogStore };
  readonly clock: Clock;
  readonly events: RunEvents;
  readonly redact: (text: string) => string;
  readonly watchSeconds: number;
  readonly onFault: (thrown: unknown) => void;
};

const LIGHTS_EVERY_MS = 5_000;

/** A run that this process drives: its engine, and everything that measures and listens around it. */
export class LiveRun {
  readonly engine: RunEngine;
  readonly started: StartedRun;
  readonly place: SearchPlace;
  /** What was last found when targets were looked for: the page may choose only among these. */
  targets: readonly Target[] = [];
  lights: readonly Light[] = [];
  readonly #deps: LiveRunDeps;
  readonly #prober: Prober;
  readonly #abort = new AbortController();
  readonly #errorLine: RegExp;
  #errorLines: string[] = [];
  #errorsSeen = 0;
  #isWatching = false;

  constructor(deps: LiveRunDeps) {
    const { runId, started, journal, clock, pool } = deps;
    this.#deps = deps;
    this.started = started;
    this.place = placeOf(started);
    this.#errorLine = new RegExp(started.runbook.service.errorLine);
    this.engine = new RunEngine(
      {
        runId,
        session: clock.session,
        clock,
        append: (records) => journal.append(records),
        publish: (record) => {
          this.#onRecord(record);
        },
        onHalt: (error) => {
          deps.events.halted(runId, error);
        },
        onFault: deps.onFault,
        runner: createStepRunner({
          kindOf,
          connections: pool.connections,
          delay: clock.delay,
          emit: (stepId, line) => {
            this.#emit(stepId, line);
          },
        }),
      },
      deps.history,
    );
    this.#prober = new Prober({
      http: pool.connections.http,
      url: started.environment.url,
      health: started.runbook.service.health,
      now: clock.now,
      monotonicMs: clock.monotonicMs,
      onProbe: (probe) => {
        deps.events.probed(runId, probe);
      },
      onChange: ({ to, detail, sinceMonotonicMs }) => {
        this.#noteQuietly(() => [{ type: 'health.changed', to, detail, sinceMonotonicMs }]);
      },
    });
  }

  get state(): RunState {
    return this.engine.state;
  }

  get head(): string {
    return this.#deps.journal.head;
  }

  get window(): Prober['window'] {
    return this.#prober.window;
  }

  get logs(): LiveRunDeps['logs'] {
    return this.#deps.logs;
  }

  get docker(): DockerPort {
    return this.#deps.pool.connections.docker(this.place.engine);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Error lines of the service's log since the console began to listen. */
  get errorLines(): readonly string[] {
    return this.#errorLines;
  }

  /** Begins to listen and to measure. Reads only. */
  listen(): void {
    const { clock, events, runId } = this.#deps;
    void followServiceLog(
      {
        docker: this.docker,
        container: this.place.container,
        isErrorLine: (text) => this.#errorLine.test(text),
        onEntries: (entries) => {
          this.#log('service', entries);
        },
        delay: clock.delay,
        now: clock.now,
      },
      this.signal,
    );
    void this.#keepLights(() => {
      events.lit(runId, this.lights);
    });
    this.#afterRecord();
  }

  async command(command: RunCommand): Promise<void> {
    await this.engine.dispatch(command);
  }

  baseline(restarts: number | null): Baseline {
    return measureBaseline(this.window, restarts, this.#errorLines);
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    this.#prober.stop();
    await this.engine.dispose();
    await this.#deps.logs.step.close();
    await this.#deps.logs.service.close();
    await this.#deps.journal.close();
  }

  #onRecord(record: RunRecord): void {
    this.#deps.events.appended(record);
    // Not from inside the engine's lock: what follows records facts of its own.
    setImmediate(() => {
      this.#afterRecord();
    });
  }

  #afterRecord(): void {
    if (this.signal.aborted) {
      return;
    }
    const { state } = this;
    this.#prober.setFast(isExecuting(state));
    this.#tickProven(state);
    if (state.phase === 'completed' && state.watch === null) {
      const { seconds, intervalSeconds } = this.#watchLength();
      this.#noteQuietly((now) =>
        now.phase === 'completed' && now.watch === null
          ? [{ type: 'watch.started', seconds, intervalSeconds }]
          : [],
      );
    }
    if (state.watch !== null && state.watch.ended === null && !this.#isWatching) {
      void this.#watch();
    }
    if (state.phase === 'closed') {
      this.#deps.events.closed(this.#deps.runId);
    }
  }

  #tickProven(state: RunState): void {
    if (state.order === null || provenItems(state).length === 0) {
      return;
    }
    this.#noteQuietly((now) =>
      provenItems(now).map(({ itemId, evidence }) => ({
        type: 'checklist.ticked',
        itemId,
        evidence,
        by: 'console',
      })),
    );
  }

  #watchLength(): { seconds: number; intervalSeconds: number } {
    const seconds = this.#deps.watchSeconds;
    // A short watch still takes some ten looks, or one long gap would be all of it.
    const intervalSeconds = Math.min(this.started.runbook.watch.intervalSeconds, seconds / 10);
    return { seconds, intervalSeconds };
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    this.#errorsSeen = this.#errorLines.length;
    const { clock } = this.#deps;
    try {
      await keepWatch(
        {
          look: () => this.#look(),
          note: (choose) => this.engine.note(choose),
          now: clock.moment,
          delay: clock.delay,
        },
        this.signal,
      );
    } catch (thrown) {
      if (!this.signal.aborted) {
        this.#deps.onFault(thrown);
      }
    } finally {
      this.#isWatching = false;
    }
  }

  async #look(): Promise<Omit<WatchSample, 'atSeconds'>> {
    const newest = this.window.at(-1);
    const errors = this.#errorLines.length;
    const newErrorLines = errors - this.#errorsSeen;
    this.#errorsSeen = errors;
    const container = await this.docker
      .container(this.place.container, this.signal)
      .catch(() => null);
    const stats =
      container?.running === true
        ? await this.docker.stats(container.id, this.signal).catch(() => null)
        : null;
    return {
      serving: newest?.to ?? 'not-measured',
      status: newest?.status ?? null,
      milliseconds: newest?.milliseconds ?? null,
      cpuPercent: stats?.cpuPercent ?? null,
      memoryBytes: stats?.memoryBytes ?? null,
      restarts: container?.restartCount ?? null,
      newErrorLines,
    };
  }

  async #keepLights(publish: () => void): Promise<void> {
    while (!this.signal.aborted) {
      this.lights = await this.#deps.pool.check(this.signal).catch(() => this.lights);
      publish();
      await this.#deps.clock.delay(LIGHTS_EVERY_MS, this.signal).catch(() => undefined);
    }
  }

  #emit(stepId: string, line: string): void {
    const text = this.#deps.redact(line);
    const isError = this.#errorLine.test(text);
    const at = this.#deps.clock.now();
    this.#log('step', [{ at, stepId, stream: 'stdout', text, isError }]);
  }

  #log(source: 'step' | 'service', entries: readonly LogEntry[]): void {
    const clean = entries.map((entry) => ({ ...entry, text: this.#deps.redact(entry.text) }));
    if (source === 'service') {
      const errors = clean.filter(({ isError }) => isError).map(({ text }) => text);
      this.#errorLines = [...this.#errorLines, ...errors];
    }
    const store = this.#deps.logs[source];
    const from = store.total;
    store.append(clean);
    this.#deps.events.logged(this.#deps.runId, source, from, clean);
  }

  #noteQuietly(choose: (state: RunState) => readonly RunEvent[]): void {
    this.engine.note(choose).catch((thrown: unknown) => {
      if (!this.signal.aborted) {
        this.#deps.onFault(thrown);
      }
    });
  }
}
