import type { LogEntry } from '../../shared/ipc/views.js';
import type { Connections } from '../connections/ports.js';
import { containersView } from './containers-view.js';
import { dockerServiceView } from './docker-service-view.js';
import { hostServiceView } from './host-service-view.js';
import type { ServicePlace } from './target-search.js';
import { swarmServiceView } from './swarm-service-view.js';
import type { Use } from './use.js';

/** What is seen of the service's own process and log, wherever they live. Reads only. */
export interface ServiceView {
  /** What it looks at, for a person: `tradewizard-monitor`, `unit tradewizard on app-1`. */
  readonly title: string;
  /** Nulls where nothing could be measured: a figure that is missing is not zero. Never rejects. */
  use(signal: AbortSignal): Promise<Use>;
  /** How often it was started anew by what keeps it running; null where that is not counted or cannot be read. Never rejects. */
  restarts(signal: AbortSignal): Promise<number | null>;
  /** Follows the log to where the signal fires, over stops, restarts, exchanges and lines that drop. Never rejects. */
  followLog(sink: LogSink, signal: AbortSignal): Promise<void>;
}

export type LogSink = {
  readonly isErrorLine: (text: string) => boolean;
  readonly onEntries: (entries: readonly LogEntry[]) => void;
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => string;
};

export function createServiceView(connections: Connections, place: ServicePlace): ServiceView {
  switch (place.kind) {
    case 'docker': {
      const { engine, container, containers = null } = place;
      const docker = connections.docker(engine);
      return containers === null
        ? dockerServiceView(docker, container)
        : containersView(docker, { container, label: containers });
    }
    case 'swarm': {
      const { engine, service } = place;
      return swarmServiceView(connections.swarm(engine), connections.docker(engine), service);
    }
    case 'host':
      return hostServiceView(connections.host(place.host), place.host, place.process);
  }
}
