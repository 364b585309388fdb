import { Agent } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EngineConnector } from './way.js';

const connectTimeoutMs = 20_000;
/** Over SSH each connection is a round trip; those at rest are used again. */
const mostAtRest = 4;

/** Makes every connection by the one way, whatever a request says about where it goes. */
export class WayAgent extends Agent {
  readonly #way: EngineConnector;

  constructor(way: EngineConnector) {
    super({ keepAlive: true, maxSockets: way.mostConnections, maxFreeSockets: mostAtRest });
    this.#way = way;
  }

  override createConnection(
    _options: unknown,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const told = (error: Error | null, stream?: Duplex): void => {
      // Without a stream the callback is only ever called with an error; its type does not know that.
      Reflect.apply(done ?? (() => undefined), undefined, [error, stream]);
    };
    this.#way.connect(AbortSignal.timeout(connectTimeoutMs)).then(
      (stream) => {
        told(null, stream);
      },
      (thrown: unknown) => {
        told(thrown instanceof Error ? thrown : new Error('no connection', { cause: thrown }));
      },
    );
  }

  // Only sockets of the system know these; a channel of SSH is kept as it is.
  override keepSocketAlive(stream: Duplex): boolean {
    return stream instanceof Socket ? isKept(this, stream) : true;
  }

  override reuseSocket(stream: Duplex, request: Parameters<Agent['reuseSocket']>[1]): void {
    if (stream instanceof Socket) {
      super.reuseSocket(stream, request);
    }
  }
}

/** The types call it void; what it answers decides whether the connection is kept. */
function isKept(agent: Agent, stream: Socket): boolean {
  return Reflect.apply(Agent.prototype.keepSocketAlive, agent, [stream]) !== false;
}
