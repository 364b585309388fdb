import type { ContainerEngine } from '../container-engine.js';
import { EngineError } from '../engine-error.js';
import { ServiceUpdate } from './service-updater.js';
import { SwarmBook } from './swarm-book.js';
import { hasEnded, isActive, replicasOf } from './swarm-record.js';
import type { ServiceRecord, ServiceSpec, SwarmRecord, TaskRecord } from './swarm-record.js';
import { TaskLife } from './task-life.js';

/** Nanoseconds, like every length of time in a specification. */
const DEFAULT_RESTART_DELAY = 5_000_000_000;

/** The manager: keeps as many tasks of every service as are wanted, and takes services from one specification to another. */
export class Swarm {
  readonly engine: ContainerEngine;
  readonly book: SwarmBook;
  readonly #life: TaskLife;
  readonly #updates = new Map<string, ServiceUpdate>();

  constructor(engine: ContainerEngine, record: SwarmRecord) {
    this.engine = engine;
    this.book = new SwarmBook(engine.parts, record);
    this.#life = new TaskLife(engine, this.book);
  }

  /** Goes on where it was when the console ended: what was being updated is updated further. */
  wake(): void {
    this.book.onChange(() => {
      queueMicrotask(() => {
        this.#replaceEnded();
      });
    });
    this.book.record.tasks.forEach((task) => {
      this.#life.resume(task);
    });
    this.book.record.services.forEach((service) => {
      this.#settle(service);
    });
  }

  /** Fails like the engine where the version is not the present one: then nothing has changed. */
  update(service: ServiceRecord, version: number, wanted: ServiceSpec): void {
    assertVersion(service, version);
    if (wanted.Name !== service.spec.Name) {
      throw refused(400, 'Unimplemented', 'renaming services is not supported');
    }
    service.previousSpec = service.spec;
    service.spec = wanted;
    service.update = null;
    this.book.note(service);
    this.#settle(service);
  }

  /** Exchanges the present and the previous specification. */
  rollBack(service: ServiceRecord, version: number): void {
    assertVersion(service, version);
    const { previousSpec } = service;
    if (previousSpec === null) {
      throw refused(
        400,
        'FailedPrecondition',
        `service ${service.id} does not have a previous spec`,
      );
    }
    service.previousSpec = service.spec;
    service.spec = previousSpec;
    service.update = {
      state: 'rollback_started',
      startedAt: this.engine.parts.clock.stamp(),
      completedAt: null,
      message: 'manually requested rollback',
    };
    this.book.note(service);
    this.#settle(service);
  }

  #settle(service: ServiceRecord): void {
    this.#updates.get(service.id)?.cancel();
    this.#scale(service);
    const { state } = service.update ?? {};
    if (state === undefined || state === 'updating' || state === 'rollback_started') {
      const update = new ServiceUpdate(this.engine.parts, this.book, this.#life, service);
      this.#updates.set(service.id, update);
      this.#inBackground(this.#run(service, update));
    }
  }

  async #run(service: ServiceRecord, update: ServiceUpdate): Promise<void> {
    const end = await update.run();
    for (let slot = 1; slot <= replicasOf(service); slot += 1) {
      await this.#forgetOld({ serviceId: service.id, slot });
    }
    if (end === 'rollback') {
      this.#settle(service);
    }
  }

  /** Nobody waits for it. It fails only where the world is closed or cannot be written; the next opening goes on from there. */
  #inBackground(work: Promise<void>): void {
    void work.catch(() => undefined);
  }

  #scale(service: ServiceRecord): void {
    const wanted = replicasOf(service);
    for (let slot = 1; slot <= wanted; slot += 1) {
      if (this.book.holder(service.id, slot) === null) {
        this.#inBackground(this.#launch(this.book.addTask(service, slot), 0));
      }
    }
    for (const task of this.book.tasksOf(service.id)) {
      if (task.slot > wanted && !hasEnded(task)) {
        this.#inBackground(this.#remove(task));
      }
    }
  }

  /** A task that ended while it was wanted makes room for a new one, after the delay that the service asks for. */
  #replaceEnded(): void {
    for (const task of this.book.record.tasks.filter((one) => hasEnded(one) && isActive(one))) {
      task.desiredState = 'shutdown';
      this.book.note(task);
      const service = this.book.service(task.serviceId);
      const { Condition: condition, Delay: delay } = task.spec.RestartPolicy ?? {};
      const isWanted =
        condition !== 'none' && (condition !== 'on-failure' || task.state !== 'complete');
      if (isWanted && this.book.holder(service.id, task.slot) === null) {
        const delayMs = (delay ?? DEFAULT_RESTART_DELAY) / 1_000_000;
        this.#inBackground(this.#launch(this.book.addTask(service, task.slot), delayMs));
      }
    }
  }

  async #launch(task: TaskRecord, delayMs: number): Promise<void> {
    await Promise.all([this.#life.prepare(task), this.engine.parts.pace.wait(delayMs)]);
    await this.#life.start(task);
    await this.#forgetOld(task);
  }

  async #remove(task: TaskRecord): Promise<void> {
    await this.#life.shutDown(task, 'remove');
    await this.#forgetOld(task);
  }

  async #forgetOld({ serviceId, slot }: Pick<TaskRecord, 'serviceId' | 'slot'>): Promise<void> {
    for (const containerId of this.book.forgetOld(serviceId, slot)) {
      await this.engine.remove(containerId, { force: true, volumes: false }).catch(() => undefined);
    }
  }
}

function assertVersion(service: ServiceRecord, version: number): void {
  if (service.version !== version) {
    throw refused(500, 'Unknown', 'update out of sequence');
  }
}

function refused(status: number, code: string, why: string): EngineError {
  return new EngineError(status, `rpc error: code = ${code} desc = ${why}`);
}
