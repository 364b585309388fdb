import { NEVER } from './clock.js';
import { EngineError } from './engine-error.js';
import type { EngineParts } from './engine-parts.js';
import type { HealthState } from './health-monitor.js';
import { assertPortsFree, bindFailure, bindingsOf } from './ports-of.js';
import type { Behaviour } from './service-answers.js';
import type { ServiceManner } from './service-manner.js';
import type { Program } from './service-http.js';
import { launchService } from './service-process.js';
import type { ServiceProcess } from './service-process.js';
import type { ContainerRecord } from './world.js';

/** A minute of grace would make a drill tedious: the range's own clock runs no longer than this. */
export const LONGEST_GRACE_MS = 4_000;
const START_MS = 80;

export type StopSignal = 'SIGTERM' | 'SIGKILL';
export type WaitCondition = 'not-running' | 'next-exit' | 'removed';

/** Starting, running and ending containers. */
export class LifeCycle {
  readonly #parts: EngineParts;
  readonly #manner: ServiceManner;
  readonly #processes = new Map<string, ServiceProcess>();
  /** What a container's last health check said; real engines keep it after the end. */
  readonly #lastHealth = new Map<string, HealthState>();
  readonly #endings = new Map<string, Promise<void>>();
  readonly #starting = new Set<string>();
  #isAbandoned = false;

  constructor(parts: EngineParts, manner: ServiceManner) {
    this.#parts = parts;
    this.#manner = manner;
  }

  /** False when it runs already. */
  async start(container: ContainerRecord): Promise<boolean> {
    if (container.state.status === 'running' || this.#starting.has(container.id)) {
      return false;
    }
    this.#starting.add(container.id);
    try {
      await this.#parts.pace.wait(START_MS);
      await this.#launch(container);
    } finally {
      this.#starting.delete(container.id);
    }
    this.#parts.events.publish('start', container);
    await this.#parts.save();
    return true;
  }

  /** Takes a container up again that was running when the console ended. Rejects with the system's error. */
  async resume(container: ContainerRecord): Promise<void> {
    await this.#run(container, true);
  }

  /** SIGTERM, then SIGKILL when the grace is over. False when it does not run. */
  async stop(container: ContainerRecord, graceSeconds: number): Promise<boolean> {
    if (container.state.status !== 'running') {
      return false;
    }
    const { pace, events } = this.#parts;
    const ending = this.#ending(container);
    const cancel =
      graceSeconds < 0
        ? () => undefined
        : pace.after(Math.min(graceSeconds * 1_000, LONGEST_GRACE_MS), () => {
            events.publish('kill', container, { signal: '9' });
            this.#processes.get(container.id)?.kill();
          });
    await this.#signal(container, 'SIGTERM');
    await ending;
    cancel();
    events.publish('stop', container);
    return true;
  }

  /** Sends one signal and does not wait for what comes of it, except for SIGKILL. */
  async kill(container: ContainerRecord, signal: StopSignal | null): Promise<void> {
    if (container.state.status !== 'running') {
      throw new EngineError(409, `Container ${container.id} is not running`);
    }
    if (signal === 'SIGKILL') {
      await this.end(container, signal);
    } else if (signal !== null) {
      await this.#signal(container, signal);
    }
  }

  async end(container: ContainerRecord, signal: StopSignal): Promise<void> {
    const ending = this.#ending(container);
    await this.#signal(container, signal);
    await ending;
  }

  /** Resolves with the exit code once it is so; `not-running` at once when it does not run. */
  async wait(container: ContainerRecord, condition: WaitCondition): Promise<number> {
    if (condition === 'not-running' && container.state.status !== 'running') {
      return container.state.exitCode;
    }
    const action = condition === 'removed' ? 'destroy' : 'die';
    await new Promise<void>((resolve) => {
      const unsubscribe = this.#parts.events.subscribe(({ event }) => {
        if (event.id === container.id && event.Action === action) {
          unsubscribe();
          resolve();
        }
      });
    });
    return container.state.exitCode;
  }

  destroy(container: ContainerRecord): void {
    const { world, events, logs } = this.#parts;
    world.containers = world.containers.filter((other) => other !== container);
    logs.forget(container.id);
    this.#lastHealth.delete(container.id);
    events.publish('destroy', container);
  }

  health(container: ContainerRecord): HealthState | null {
    return (
      this.#processes.get(container.id)?.health() ?? this.#lastHealth.get(container.id) ?? null
    );
  }

  /** What answers inside of it; null when it does not run. */
  program(container: ContainerRecord): Program | null {
    return this.#processes.get(container.id)?.program ?? null;
  }

  isSick(container: ContainerRecord): boolean {
    return container.version === this.#manner.sick;
  }

  /** Ends every server; what ran goes on in the world that is on disk. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    await Promise.all([...this.#processes.values()].map((process) => process.abandon()));
    this.#processes.clear();
  }

  async #launch(container: ContainerRecord): Promise<void> {
    const { state } = container;
    try {
      assertPortsFree(this.#parts.world, container);
      if (!this.isSick(container) && this.#parts.faults.strikes('port-taken')) {
        throw bindFailure(container, 'port is already allocated');
      }
      await this.#run(container, false);
    } catch (error) {
      const failure = isBindError(error)
        ? bindFailure(container, 'bind: address already in use')
        : error;
      if (!(failure instanceof EngineError)) {
        throw failure;
      }
      state.exitCode = 128;
      state.error = failure.message;
      await this.#parts.save();
      throw failure;
    }
  }

  async #run(container: ContainerRecord, isWarm: boolean): Promise<void> {
    const { clock, pace, logs, events, faults } = this.#parts;
    const { state } = container;
    const startedAt = isWarm ? state.startedAt : clock.stamp();
    const bindings = bindingsOf(container);
    const served = bindings.filter(({ key }) => key === `${this.#manner.service.port}/tcp`);
    const process = await launchService({
      manner: this.#manner,
      version: container.version,
      behaviour: this.#behaviour(container),
      ignoresStop: this.isSick(container) && faults.has('ignores-stop'),
      isWarm,
      startedMs: Date.parse(startedAt),
      hostPorts: served.map(({ key, hostPort }) =>
        isWarm ? (state.ports[key] ?? hostPort) : hostPort,
      ),
      healthcheck: container.config.Healthcheck,
      clock,
      pace,
      log: (stream, text) => {
        logs.append(container.id, stream, text);
      },
      onHealth: (status) => {
        events.publish(`health_status: ${status}`, container);
      },
    });
    if (this.#isAbandoned) {
      await process.abandon();
      throw new EngineError(503, 'the practice range was closed');
    }
    const ports = bindings.map(({ key, hostPort }) => [key, hostPort] as const);
    const bound = served.map(({ key }, index) => [key, process.ports[index] ?? 0] as const);
    Object.assign(state, {
      status: 'running',
      startedAt,
      finishedAt: isWarm ? state.finishedAt : NEVER,
      exitCode: 0,
      error: '',
      isStopping: false,
      ports: Object.fromEntries([...ports, ...bound]),
    });
    this.#processes.set(container.id, process);
    this.#endings.set(container.id, this.#settleWhenGone(container, process));
  }

  async #settleWhenGone(container: ContainerRecord, process: ServiceProcess): Promise<void> {
    const exitCode = await process.exited;
    const health = process.health();
    if (health !== null) {
      this.#lastHealth.set(container.id, health);
    }
    this.#processes.delete(container.id);
    settleExited(container, exitCode, this.#parts.clock.stamp());
    this.#parts.events.publish('die', container, { exitCode: String(exitCode) });
    if (container.hostConfig.AutoRemove === true) {
      this.destroy(container);
    }
    // Nobody may be waiting for this, and the next change is saved together with it.
    await this.#parts.save().catch(() => undefined);
  }

  #ending(container: ContainerRecord): Promise<void> {
    return this.#endings.get(container.id) ?? Promise.resolve();
  }

  async #signal(container: ContainerRecord, signal: StopSignal): Promise<void> {
    const process = this.#processes.get(container.id);
    this.#parts.events.publish('kill', container, { signal: signal === 'SIGTERM' ? '15' : '9' });
    container.state.isStopping = true;
    await this.#parts.save();
    if (signal === 'SIGTERM') {
      process?.terminate();
    } else {
      process?.kill();
    }
  }

  #behaviour(container: ContainerRecord): Behaviour {
    if (this.isSick(container)) {
      return 'sick';
    }
    return this.#parts.faults.has('never-healthy') ? 'never-healthy' : 'healthy';
  }
}

export function settleExited(container: ContainerRecord, exitCode: number, at: string): void {
  Object.assign(container.state, {
    status: 'exited',
    finishedAt: at,
    exitCode,
    isStopping: false,
    isPaused: false,
    ports: {},
  });
}

function isBindError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
