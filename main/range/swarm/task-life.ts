import type { ContainerEngine } from '../container-engine.js';
import { EngineError, noSuchImage } from '../engine-error.js';
import { parseReference } from '../image-reference.js';
import type { ContainerRecord } from '../world.js';
import type { SwarmBook } from './swarm-book.js';
import { hasEnded, isActive } from './swarm-record.js';
import type { TaskRecord, TaskState } from './swarm-record.js';
import { containerOf } from './task-container.js';

const PREPARE_MS = 120;
/** Nanoseconds, like every length of time in a specification. */
const DEFAULT_GRACE = 10_000_000_000;

/** One task's way from the order to its end, in a container of the same engine. */
export class TaskLife {
  readonly #engine: ContainerEngine;
  readonly #book: SwarmBook;
  /** What the engine ended because its health check failed. */
  readonly #unhealthy = new Set<string>();

  constructor(engine: ContainerEngine, book: SwarmBook) {
    this.#engine = engine;
    this.#book = book;
    engine.parts.events.subscribe(({ event }) => {
      const task = book.record.tasks.find(({ containerId }) => containerId === event.id);
      if (task !== undefined && !hasEnded(task)) {
        this.#hear(task, event.Action);
      }
    });
  }

  /** Gets image and container ready. A task whose image cannot be had is rejected. */
  async prepare(task: TaskRecord): Promise<void> {
    const { pace } = this.#engine.parts;
    this.#move(task, 'preparing', 'preparing');
    await pace.wait(PREPARE_MS);
    try {
      this.#load(task.spec.ContainerSpec.Image);
      const { name, request } = containerOf(this.#book, task);
      task.containerId = (await this.#engine.create(name, request)).id;
    } catch (error) {
      if (!(error instanceof EngineError)) {
        throw error;
      }
      this.#move(task, 'rejected', 'preparing', error.message);
      return;
    }
    this.#move(task, 'ready', 'prepared');
  }

  /** A container with a health check counts as running only once that has passed. */
  async start(task: TaskRecord): Promise<void> {
    const container = this.#containerOf(task);
    if (container === null || task.state !== 'ready' || !isActive(task)) {
      return;
    }
    task.desiredState = 'running';
    this.#move(task, 'starting', 'starting');
    await this.#engine.life.start(container);
    if (hasEnded(task)) {
      // It was told to end while it came up.
      await this.#engine.life.stop(container, graceOf(task));
    } else if (this.#engine.life.health(container) === null) {
      this.#move(task, 'running', 'started');
    }
  }

  /** Resolves when it has ended. */
  async shutDown(task: TaskRecord, desired: 'shutdown' | 'remove' = 'shutdown'): Promise<void> {
    task.desiredState = desired;
    this.#book.note(task);
    // What is only being prepared must not come up behind this.
    await this.#book.until(() => hasEnded(task) || !['assigned', 'preparing'].includes(task.state));
    const container = this.#containerOf(task);
    if (hasEnded(task)) {
      return;
    }
    if (container?.state.status === 'running') {
      await this.#engine.life.stop(container, graceOf(task));
    }
    if (!hasEnded(task)) {
      this.#move(task, 'shutdown', 'shutdown');
    }
  }

  /** After the console was away: what ran runs again, what was on its way makes room for another. That is nobody's failure. */
  resume(task: TaskRecord): void {
    const container = this.#containerOf(task);
    if (hasEnded(task)) {
      return;
    }
    if (container?.state.status !== 'running') {
      task.desiredState = task.desiredState === 'remove' ? 'remove' : 'shutdown';
      this.#move(task, 'shutdown', 'shutdown');
      return;
    }
    const health = this.#engine.life.health(container)?.Status ?? 'healthy';
    if (health === 'unhealthy') {
      this.#hear(task, 'health_status: unhealthy');
    } else if (task.state !== 'running') {
      this.#move(task, 'running', 'started');
    }
  }

  #hear(task: TaskRecord, action: string): void {
    const container = this.#containerOf(task);
    if (action === 'die') {
      this.#settle(task, container?.state.exitCode ?? 0);
    } else if (action === 'health_status: healthy' && task.state === 'starting') {
      this.#move(task, 'running', 'started');
    } else if (action === 'health_status: unhealthy' && container !== null && isActive(task)) {
      this.#unhealthy.add(task.id);
      void this.#engine.life.stop(container, graceOf(task)).catch(() => undefined);
    }
  }

  /** A process that obeys and leaves with 0 counts as complete, also where the engine made it leave. */
  #settle(task: TaskRecord, exitCode: number): void {
    task.exitCode = exitCode;
    if (!isActive(task)) {
      this.#move(task, 'shutdown', 'shutdown');
    } else if (exitCode === 0) {
      this.#move(task, 'complete', 'finished');
    } else {
      const why = this.#unhealthy.has(task.id) ? ': dockerexec: unhealthy container' : '';
      this.#move(task, 'failed', 'started', `task: non-zero exit (${exitCode})${why}`);
    }
  }

  #load(name: string): void {
    const { images, registry } = this.#engine;
    if (images.find(name) !== undefined) {
      return;
    }
    const reference = parseReference(name);
    try {
      images.load(registry.find(reference), reference);
    } catch {
      // Whatever the registry said, a task says no more than this.
      throw noSuchImage(name);
    }
  }

  #containerOf({ containerId }: TaskRecord): ContainerRecord | null {
    return this.#engine.containers.find(({ id }) => id === containerId) ?? null;
  }

  #move(task: TaskRecord, state: TaskState, message: string, error = ''): void {
    Object.assign(task, { state, message, error, at: this.#engine.parts.clock.stamp() });
    this.#book.note(task);
  }
}

function graceOf({ spec }: TaskRecord): number {
  return (spec.ContainerSpec.StopGracePeriod ?? DEFAULT_GRACE) / 1_000_000_000;
}
