import type { LogLine, ReadLogOptions } from './ports.js';
import type { LooseObject } from './docker-types.js';

export type SwarmUpdateState =
  | 'updating'
  | 'paused'
  | 'completed'
  | 'rollback_started'
  | 'rollback_paused'
  | 'rollback_completed';

export type SwarmService = {
  readonly id: string;
  readonly name: string;
  /** Grows with every change; a change that names an older one is refused. */
  readonly version: number;
  /** When it was last changed, also by the engine itself. */
  readonly updatedAt: string | null;
  /** In the engine's own words. May hold secrets (environment variables): never journalled, never shown. */
  readonly spec: LooseObject;
  /** What a rollback puts back; null where the engine keeps none. Holds secrets like `spec`. */
  readonly previousSpec: LooseObject | null;
  /** How far the last change has come; null where the engine says nothing. */
  readonly update: {
    readonly state: SwarmUpdateState | 'unknown';
    readonly message: string;
    readonly startedAt: string | null;
  } | null;
};

export type SwarmTask = {
  readonly id: string;
  /** Which of the replicas; null for a service that runs once on each node. */
  readonly slot: number | null;
  readonly nodeId: string;
  readonly state: string;
  readonly desiredState: string;
  readonly error: string;
  readonly at: string;
  readonly containerId: string | null;
  /** What its container is made from. Holds secrets. */
  readonly containerSpec: LooseObject;
  readonly forceUpdate: number;
};

export type SwarmLogLine = LogLine & { readonly taskId: string };

/**
 * Services of a swarm, asked of one of its managers. All reject with `AppError`: SWARM_NOT_MANAGER where the engine is none.
 */
export interface SwarmPort {
  /** Its id among the nodes; SWARM_NOT_MANAGER where it manages no swarm. */
  node(signal: AbortSignal): Promise<{ readonly nodeId: string }>;
  /** By id or whole name; null when there is none. */
  service(nameOrId: string, signal: AbortSignal): Promise<SwarmService | null>;
  /** Those of the past too, as long as the engine keeps them; the newest first. */
  tasks(serviceId: string, signal: AbortSignal): Promise<readonly SwarmTask[]>;
  /**
   * Makes the previous specification the present one and the present one the previous: a second call toggles back.
   * Returns once it is accepted. SWARM_CHANGED when the service is no longer at `version`: nothing was changed.
   */
  rollBack(service: SwarmService, signal: AbortSignal): Promise<void>;
  /** Puts back the specification that the engine keeps as the previous one, with its registry login, as an update of its own. */
  putBackPrevious(service: SwarmService, signal: AbortSignal): Promise<void>;
  /** The lines of every task; each task's in order. `tail` counts for each task. */
  readLog(
    serviceId: string,
    options: ReadLogOptions,
    signal: AbortSignal,
  ): Promise<readonly SwarmLogLine[]>;
  /** Ends when the signal fires; rejects when the line to the engine breaks. */
  followLog(
    serviceId: string,
    options: ReadLogOptions & { readonly onLine: (line: SwarmLogLine) => void },
    signal: AbortSignal,
  ): Promise<void>;
}
