import { hostname } from 'node:os';
import { AppError } from '../../shared/errors/app-error.js';
import type { Light } from '../../shared/ipc/views.js';
import type { RunCommand, RunCommandType } from '../../shared/run/commands.js';
import { refusalOf } from '../../shared/run/rules.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { namedBy } from '../../shared/runbook/offers.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import { Patience } from '../steps/patience.js';
import { EnvironmentLocks, wordsOf } from './environment-locks.js';

export type HostSideDeps = {
  readonly started: StartedRun;
  readonly pool: ConnectionPool;
  readonly state: () => RunState;
  /** Hash of the journal's last line. */
  readonly head: () => string;
  readonly now: () => string;
  /** Writes a note of the console into the journal. */
  readonly say: (text: string) => Promise<void>;
  readonly onLights: () => void;
  /** Rejects when the signal fires. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Takes away what the steps kept for undo alone, and says what. */
  readonly closeUp: (signal: AbortSignal) => Promise<readonly string[]>;
  readonly signal: AbortSignal;
};

/** What may touch a host: before any of it the environment is locked there. */
const mayChange: ReadonlySet<RunCommandType> = new Set([
  'approve',
  'choose-mode',
  'continue',
  'retry',
  'settle',
  'undo',
  'retry-undo',
  'roll-forward',
]);

/** What ends a run: after any of it nothing may be left on a host. */
const endsRun: ReadonlySet<RunCommandType> = new Set(['close', 'fix-forward']);

/** A hand-over waits no longer than this for a host that is away. */
const SAY_TIMEOUT_MS = 5_000;

/** A line that drops now is waited for: what is not taken away now stays until somebody does it by hand. */
const LEAVE_TIMEOUT_MS = 60_000;

/** Those that a run stays connected to: of its procedure, and the one that asks the service where that cannot be asked from here. */
export function hostsToKeep({
  procedure,
  environment: { via },
}: Pick<StartedRun, 'procedure' | 'environment'>): readonly string[] {
  return [...new Set([...namedBy(procedure).hosts, ...(via === undefined ? [] : [via])])];
}

/** What a run keeps on the hosts of its procedure: connections, the environment's lock, the files of its jobs. */
export class HostSide {
  readonly hosts: readonly string[];
  readonly #deps: HostSideDeps;
  readonly #locks: EnvironmentLocks;
  readonly #patience: Patience;
  /** The unit for which the locks were last found to be ours, or are being asked for. */
  #checked: { readonly unit: string; readonly asking: Promise<void> } | null = null;

  constructor(deps: HostSideDeps) {
    const { started, pool } = deps;
    const { runbook, environment, procedure, runId } = started;
    this.#deps = deps;
    this.#patience = new Patience(deps);
    this.hosts = namedBy(procedure).hosts;
    this.#locks = new EnvironmentLocks({
      pool,
      hosts: this.hosts,
      service: runbook.service.name,
      environment: environment.name,
      owner: () => {
        const { operator, epoch } = deps.state();
        const since = started.at.at;
        return { operator, console: hostname(), runId, since, epoch, headHash: deps.head() };
      },
      say: deps.say,
      onChange: deps.onLights,
      patience: this.#patience,
    });
    pool.keep(hostsToKeep(started), deps.onLights);
  }

  /** The lights with who holds a lock that this run needs. */
  withLocks(lights: readonly Light[]): readonly Light[] {
    return lights.map((light) => {
      const lockedBy = this.#locks.lockedBy.get(light.name);
      return lockedBy === undefined ? light : { ...light, lockedBy };
    });
  }

  /** Locks the hosts of the procedure for what is sure to come. HOST_LOCKED where another console works there. */
  hold(): Promise<void> {
    return this.#locks.hold(this.#deps.signal);
  }

  /** HOST_LOCKED where another console works on this environment: the command is not carried out then. */
  async before(command: RunCommand): Promise<void> {
    const { state, signal } = this.#deps;
    if (this.hosts.length === 0 || refusalOf(state(), command) !== null) {
      return;
    }
    if (mayChange.has(command.type)) {
      await this.#locks.hold(signal).catch((thrown: unknown) => {
        // What is true of a step can be said of a host that is away; nothing can be changed on it meanwhile.
        if (command.type !== 'settle' || !isAway(thrown)) {
          throw thrown;
        }
      });
    } else if (endsRun.has(command.type)) {
      await this.#leave();
    }
  }

  /**
   * Before a unit's first change and before the first taking back: HOST_LOCK_LOST where somebody broke the lock or holds
   * it by now. Not between the steps of a unit, so that no cutover is longer for it.
   */
  async beforeChange(unit: string, signal: AbortSignal): Promise<void> {
    if (this.hosts.length === 0) {
      return;
    }
    if (this.#checked?.unit !== unit) {
      this.#checked = { unit, asking: this.#locks.refresh(signal) };
    }
    const checked = this.#checked;
    await checked.asking.catch((thrown: unknown) => {
      this.#checked = this.#checked === checked ? null : this.#checked;
      throw thrown;
    });
  }

  /** Says on the hosts who drives the run now and how far its journal is. Where a host is away the next change says it. */
  async sayWhoDrives(): Promise<void> {
    this.#checked = null;
    const limited = AbortSignal.any([this.#deps.signal, AbortSignal.timeout(SAY_TIMEOUT_MS)]);
    await this.#locks.refreshWhereHeld(limited);
  }

  /** Rejects with why it could not be reached. */
  async connect(host: string): Promise<void> {
    await this.#deps.pool.connections.host(host).info(this.#deps.signal);
  }

  breakLock(host: string, reason: string): Promise<void> {
    const { state, now, signal } = this.#deps;
    return this.#locks.break(host, state().operator, reason, now(), signal);
  }

  /** Takes away what the jobs of this run left, by name, and lets go of the locks. A host that is away keeps no run open. */
  async #leave(): Promise<void> {
    const { pool, started, say, signal, closeUp } = this.#deps;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LEAVE_TIMEOUT_MS)]);
    for (const sentence of await closeUp(limited)) {
      await say(sentence);
    }
    for (const host of this.hosts) {
      try {
        const removed = await this.#patience.forReading(
          () => pool.connections.host(host).cleanUp(started.runId, limited),
          limited,
        );
        if (removed.length > 0) {
          await say(`Cleaned up on ${host}: ${removed.join(', ')}`);
        }
      } catch (thrown) {
        await say(`What this run left on ${host} could not be cleaned up: ${wordsOf(thrown)}`);
      }
    }
    await this.#locks.release(limited);
  }
}

function isAway(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    (thrown.code === 'HOST_UNREACHABLE' || thrown.code === 'HOST_LINE_LOST')
  );
}
