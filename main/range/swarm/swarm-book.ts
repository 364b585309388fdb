import type { EngineParts } from '../engine-parts.js';
import { EngineError } from '../engine-error.js';
import { swarmId } from './swarm-id.js';
import { hasEnded, isActive } from './swarm-record.js';
import type { ServiceRecord, SwarmRecord, TaskRecord } from './swarm-record.js';

/** As many tasks of the past does a swarm keep for each slot, unless told otherwise. */
const KEPT_TASKS = 5;

/** What stands in the swarm's own book. Whoever changes an entry notes it here, so that its version moves. */
export class SwarmBook {
  readonly #parts: EngineParts;
  readonly #record: SwarmRecord;
  readonly #listeners = new Set<() => void>();

  constructor(parts: EngineParts, record: SwarmRecord) {
    this.#parts = parts;
    this.#record = record;
  }

  get record(): SwarmRecord {
    return this.#record;
  }

  /** By id, by name, or by the beginning of an id that only one has. */
  service(nameOrId: string): ServiceRecord {
    const { services } = this.#record;
    const exact = services.find(({ id, spec }) => id === nameOrId || spec.Name === nameOrId);
    const [begun, ...others] = services.filter(({ id }) => id.startsWith(nameOrId));
    const found = exact ?? (others.length === 0 ? begun : undefined);
    if (found === undefined) {
      throw new EngineError(404, `service ${nameOrId} not found`);
    }
    return found;
  }

  task(id: string): TaskRecord {
    const found = this.#record.tasks.find((task) => task.id === id);
    if (found === undefined) {
      throw new EngineError(404, `task ${id} not found`);
    }
    return found;
  }

  tasksOf(serviceId: string): readonly TaskRecord[] {
    return this.#record.tasks.filter((task) => task.serviceId === serviceId);
  }

  /** The one that holds the slot, or null. */
  holder(serviceId: string, slot: number): TaskRecord | null {
    return (
      this.tasksOf(serviceId).find(
        (task) => task.slot === slot && isActive(task) && !hasEnded(task),
      ) ?? null
    );
  }

  /** A new task by the service's present specification. It waits until it is wanted to run. */
  addTask(service: ServiceRecord, slot: number): TaskRecord {
    const now = this.#parts.clock.stamp();
    const task: TaskRecord = {
      id: swarmId(),
      version: 0,
      createdAt: now,
      updatedAt: now,
      serviceId: service.id,
      slot,
      spec: structuredClone(service.spec.TaskTemplate),
      desiredState: 'ready',
      state: 'assigned',
      at: now,
      message: 'scheduler assigned task to node',
      error: '',
      exitCode: 0,
      containerId: null,
    };
    this.#record.tasks.push(task);
    this.note(task);
    return task;
  }

  note(entry: ServiceRecord | TaskRecord): void {
    this.#record.index += 1;
    entry.version = this.#record.index;
    entry.updatedAt = this.#parts.clock.stamp();
    this.#listeners.forEach((listener) => {
      listener();
    });
    // A change that cannot be written is still in memory, and is written with the next one.
    void this.#parts.save().catch(() => undefined);
  }

  /** Answers how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once it is so; looked at whenever the book changes. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (isSo()) {
          this.#listeners.delete(look);
          resolve();
        }
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Takes the oldest tasks of the past out. Answers the containers that went with them. */
  forgetOld(serviceId: string, slot: number): readonly string[] {
    const past = this.tasksOf(serviceId).filter((task) => task.slot === slot && hasEnded(task));
    const isSurplus = (task: TaskRecord): boolean => task.desiredState === 'remove';
    const kept = past.filter((task) => !isSurplus(task)).slice(-KEPT_TASKS);
    const gone = past.filter((task) => !kept.includes(task));
    this.#record.tasks = this.#record.tasks.filter((task) => !gone.includes(task));
    return gone.flatMap(({ containerId }) => (containerId === null ? [] : [containerId]));
  }
}
