import type { Duplex } from 'node:stream';

/** How connections to one engine are made. Each one carries HTTP and nothing else; who listens there was verified. */
export interface EngineConnector {
  /** As messages name it: `socket /var/run/docker.sock`. */
  readonly label: string;
  /** Waits for what the way depends on, a host's login and its questions; this wait has no deadline of its own. */
  ready(signal: AbortSignal): Promise<void>;
  /** Rejects with `AppError`, or with the system's own error. */
  connect(signal: AbortSignal): Promise<Duplex>;
  /** So many at once at most; the other requests wait. */
  readonly mostConnections: number;
}
