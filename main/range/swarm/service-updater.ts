import type { EngineParts } from '../engine-parts.js';
import type { SwarmBook } from './swarm-book.js';
import { hasEnded, isActive, replicasOf } from './swarm-record.js';
import type { ServiceRecord, TaskRecord, UpdateConfig, UpdateState } from './swarm-record.js';
import type { TaskLife } from './task-life.js';
import { isOfSpec } from './task-spec.js';

/** Nanoseconds, like every length of time in a specification. */
const DEFAULT_MONITOR = 5_000_000_000;

/** Takes one service, slot by slot, to its present specification, and gives up as its own settings say. */
export class ServiceUpdate {
  readonly #parts: EngineParts;
  readonly #book: SwarmBook;
  readonly #life: TaskLife;
  readonly #service: ServiceRecord;
  readonly #updated = new Map<string, { readonly task: TaskRecord; upSinceMs: number | null }>();
  #isOver = false;
  /** Why it turns back by itself. */
  #turningBack: string | null = null;

  constructor(parts: EngineParts, book: SwarmBook, life: TaskLife, service: ServiceRecord) {
    this.#parts = parts;
    this.#book = book;
    this.#life = life;
    this.#service = service;
  }

  /** Another order has come meanwhile: what is under way in a slot is finished, nothing new is begun. */
  cancel(): void {
    this.#isOver = true;
  }

  /** `rollback` where it gave up and the service's settings ask for the way back. */
  async run(): Promise<'settled' | 'cancelled' | 'rollback'> {
    const dirty = this.#dirtySlots();
    if (dirty.length === 0 && this.#service.update === null) {
      return 'settled';
    }
    if (this.#service.update === null) {
      this.#tell('updating', 'update in progress');
    }
    const watching = this.#watchFailures();
    const { Parallelism: parallelism } = this.#config;
    const workers = parallelism === 0 ? dirty.length : (parallelism ?? 1);
    const queue = [...dirty];
    await Promise.all(Array.from({ length: workers }, () => this.#work(queue)));
    if (!this.#isOver && dirty.length > 0) {
      await Promise.race([watching, this.#parts.pace.wait(this.#monitorMs)]);
    }
    return this.#end();
  }

  get #isRollback(): boolean {
    return this.#service.update?.state.startsWith('rollback') === true;
  }

  get #config(): UpdateConfig {
    const { RollbackConfig, UpdateConfig } = this.#service.spec;
    return (this.#isRollback ? RollbackConfig : UpdateConfig) ?? {};
  }

  get #monitorMs(): number {
    // Zero stands for the default here.
    return (this.#config.Monitor || DEFAULT_MONITOR) / 1_000_000;
  }

  #dirtySlots(): readonly number[] {
    return Array.from({ length: replicasOf(this.#service) }, (_, index) => index + 1).filter(
      (slot) => {
        const holder = this.#book.holder(this.#service.id, slot);
        return holder !== null && !isOfSpec(holder, this.#service);
      },
    );
  }

  async #work(queue: number[]): Promise<void> {
    const delayMs = (this.#config.Delay ?? 0) / 1_000_000;
    for (let slot = queue.shift(); slot !== undefined && !this.#isOver; slot = queue.shift()) {
      await this.#replace(slot);
      if (delayMs > 0 && queue.length > 0) {
        await this.#parts.pace.wait(delayMs);
      }
    }
  }

  /** The old one ends before the new one starts: a slot is never held twice. */
  async #replace(slot: number): Promise<void> {
    const { id } = this.#service;
    const old = this.#book.tasksOf(id).filter((task) => task.slot === slot && !hasEnded(task));
    const next = this.#book.addTask(this.#service, slot);
    const seen = { task: next, upSinceMs: null as number | null };
    this.#updated.set(next.id, seen);
    await Promise.all([...old.map((task) => this.#life.shutDown(task)), this.#life.prepare(next)]);
    await this.#life.start(next);
    await this.#book.until(() => next.state === 'running' || hasEnded(next) || this.#isOver);
    seen.upSinceMs = this.#parts.clock.nowMs();
  }

  /** Resolves when the update is over because too many of the new tasks failed. */
  async #watchFailures(): Promise<void> {
    const failed = new Set<TaskRecord>();
    await this.#book.until(() => {
      if (this.#isOver) {
        return true;
      }
      for (const { task, upSinceMs } of this.#updated.values()) {
        const isWatched =
          upSinceMs === null || this.#parts.clock.nowMs() - upSinceMs <= this.#monitorMs;
        if (!failed.has(task) && isWatched && hasFailed(task)) {
          failed.add(task);
          this.#giveUpIfDue(task, failed.size);
        }
      }
      return this.#isOver;
    });
  }

  #giveUpIfDue(task: TaskRecord, failures: number): void {
    const { MaxFailureRatio: allowed, FailureAction: action } = this.#config;
    const share = failures / Math.max(1, replicasOf(this.#service));
    if (share <= (allowed ?? 0) || action === 'continue') {
      return;
    }
    this.#isOver = true;
    const why = `due to failure or early termination of task ${task.id}`;
    if (action === 'rollback' && !this.#isRollback) {
      this.#turningBack = `update rolled back ${why}`;
      return;
    }
    this.#tell(this.#isRollback ? 'rollback_paused' : 'paused', `update paused ${why}`);
  }

  #end(): 'settled' | 'cancelled' | 'rollback' {
    if (this.#turningBack !== null) {
      const { previousSpec } = this.#service;
      if (previousSpec === null) {
        this.#tell('paused', this.#turningBack);
        return 'settled';
      }
      // Nothing is kept then: another rollback would lead back to what has just failed.
      this.#service.spec = previousSpec;
      this.#service.previousSpec = null;
      this.#tell('rollback_started', this.#turningBack);
      return 'rollback';
    }
    if (this.#isOver) {
      return 'cancelled';
    }
    this.#isOver = true;
    const isRollback = this.#isRollback;
    this.#tell(
      isRollback ? 'rollback_completed' : 'completed',
      isRollback ? 'rollback completed' : 'update completed',
    );
    return 'settled';
  }

  #tell(state: UpdateState, message: string): void {
    const now = this.#parts.clock.stamp();
    const isEnd = state === 'completed' || state === 'rollback_completed';
    const isBegin = state === 'updating' || state === 'rollback_started';
    this.#service.update = {
      state,
      startedAt: isBegin ? now : (this.#service.update?.startedAt ?? now),
      completedAt: isEnd ? now : null,
      message,
    };
    this.#book.note(this.#service);
  }
}

/** Ended while it was wanted, or by itself. */
function hasFailed(task: TaskRecord): boolean {
  return (
    task.state !== 'shutdown' &&
    hasEnded(task) &&
    (isActive(task) || task.desiredState === 'shutdown')
  );
}
