import { AppError } from '../../shared/errors/app-error.js';
import type {
  ConnectionPool,
  HostLockOwner,
  HostLockPlace,
} from '../connections/connection-pool.js';
import type { Patience } from '../steps/patience.js';

export type EnvironmentLocksDeps = {
  readonly pool: Pick<ConnectionPool, 'connections' | 'locks'>;
  /** The hosts that the procedure may change. */
  readonly hosts: readonly string[];
  readonly service: string;
  readonly environment: string;
  /** Who this run is at the moment. */
  readonly owner: () => HostLockOwner;
  /** Says in the journal what was locked, broken or let go. */
  readonly say: (text: string) => Promise<void>;
  /** Called when somebody else's lock was met, or is gone. */
  readonly onChange: () => void;
  /** For what may be said again over a line that dropped: taking, refreshing and letting go. */
  readonly patience: Patience;
};

/** The environment's lock on each host of the procedure: held from before the first change to the close of the run. */
export class EnvironmentLocks {
  readonly #deps: EnvironmentLocksDeps;
  readonly #held = new Set<string>();
  readonly #lockedBy = new Map<string, string>();

  constructor(deps: EnvironmentLocksDeps) {
    this.#deps = deps;
  }

  /** Who holds the lock of a host, where that is not this run. */
  get lockedBy(): ReadonlyMap<string, string> {
    return this.#lockedBy;
  }

  /** Locks what is not locked yet. HOST_LOCKED with who holds it: then nothing may be changed. */
  async hold(signal: AbortSignal): Promise<void> {
    for (const host of this.#deps.hosts) {
      if (!this.#held.has(host)) {
        await this.#holdOne(host, signal);
      }
    }
  }

  /** Writes epoch and head anew. HOST_LOCK_LOST where the lock of a host is not this run's any more. */
  async refresh(signal: AbortSignal): Promise<void> {
    for (const host of this.#held) {
      await this.#deps.patience.forReading(() => this.#refreshOne(host, signal), signal);
    }
  }

  /** The same for a run that was taken up or is given away: what cannot be said now is said before the next change. */
  async refreshWhereHeld(signal: AbortSignal): Promise<void> {
    for (const host of this.#deps.hosts) {
      await this.#refreshOne(host, signal).catch(() => undefined);
    }
  }

  async #refreshOne(host: string, signal: AbortSignal): Promise<void> {
    const { pool, owner } = this.#deps;
    const place = this.#place();
    try {
      await pool.locks(host).refreshLock(place, owner(), signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'HOST_LOCK_LOST') {
        // Whoever goes on must take it anew, and is told then who has it.
        this.#held.delete(host);
        const found = await pool
          .locks(host)
          .readLock(place, signal)
          .catch(() => null);
        if (found !== null) {
          this.#lockedBy.set(host, inWords(found));
          this.#deps.onChange();
        }
      }
      throw thrown;
    }
  }

  /** Takes away what another run left locked. It is named first, so that nobody else's is taken instead. */
  async break(
    host: string,
    by: string,
    reason: string,
    at: string,
    signal: AbortSignal,
  ): Promise<void> {
    if (!this.#deps.hosts.includes(host)) {
      throw new AppError('ENVIRONMENT_UNKNOWN', `The procedure has no host called ${host}.`);
    }
    const locks = this.#deps.pool.locks(host);
    const place = this.#place();
    const owner = await locks.readLock(place, signal);
    this.#forget(host);
    if (owner === null || owner.runId === this.#deps.owner().runId) {
      return;
    }
    await locks.breakLock(place, { runId: owner.runId, by, at, reason }, signal);
    await this.#deps.say(`Broke the lock of ${inWords(owner)} on ${host}: ${reason}`);
  }

  /** Lets go of every lock. What cannot be let go of is said, and stays for the next console to break. */
  async release(signal: AbortSignal): Promise<void> {
    for (const host of this.#held) {
      try {
        await this.#deps.patience.forReading(async () => {
          const place = this.#place();
          await this.#deps.pool.locks(host).unlock(place, this.#deps.owner().runId, signal);
        }, signal);
        await this.#deps.say(`Let go of the lock on ${host}.`);
      } catch (thrown) {
        await this.#deps.say(`The lock on ${host} could not be let go of: ${wordsOf(thrown)}`);
      }
    }
    this.#held.clear();
  }

  async #holdOne(host: string, signal: AbortSignal): Promise<void> {
    const { pool, owner, say } = this.#deps;
    const place = this.#place();
    try {
      await this.#deps.patience.forReading(
        () => pool.locks(host).lock(place, owner(), signal),
        signal,
      );
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'HOST_LOCKED') {
        const found = await pool
          .locks(host)
          .readLock(place, signal)
          .catch(() => null);
        this.#lockedBy.set(host, found === null ? 'another console' : inWords(found));
        this.#deps.onChange();
      }
      throw thrown;
    }
    this.#held.add(host);
    this.#forget(host);
    await say(`Locked ${this.#deps.service} in ${this.#deps.environment} on ${host} for this run.`);
  }

  #forget(host: string): void {
    if (this.#lockedBy.delete(host)) {
      this.#deps.onChange();
    }
  }

  #place(): HostLockPlace {
    const { service, environment } = this.#deps;
    return { service, environment, as: 'login' };
  }
}

function inWords({ operator, console, since, runId }: HostLockOwner): string {
  const when = since === '' ? '' : ` since ${since}`;
  return `${operator} on ${console}${when} (run ${runId.slice(0, 8) || 'unknown'})`;
}

export function wordsOf(thrown: unknown): string {
  return thrown instanceof AppError ? thrown.message : 'the details are in the app log.';
}
