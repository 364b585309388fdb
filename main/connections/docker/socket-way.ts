import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EngineConnector } from './way.js';
import { whenConnected } from './when-connected.js';

/** A unix socket or a Windows pipe of this computer. */
export function socketWay(path: string): EngineConnector {
  return {
    label: path,
    mostConnections: Number.POSITIVE_INFINITY,
    ready: () => Promise.resolve(),
    connect: (signal): Promise<Duplex> => whenConnected(connect({ path }), 'connect', signal),
  };
}
