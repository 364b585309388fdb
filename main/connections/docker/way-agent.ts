import { Agent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { likeSocket } from '../like-socket.js';
import type { EngineConnector } from './way.js';

const connectTimeoutMs = 20_000;
/** Over SSH each connection is a round trip; those at rest are used again. */
const mostAtRest = 4;

/** Not in the types of Node, though agents have been made by it since they exist. */
const nodeAddRequest: unknown = Reflect.get(Agent.prototype, 'addRequest');

/** Makes every connection by the one way, whatever a request says about where it goes. */
export class WayAgent extends Agent {
  readonly #way: EngineConnector;

  constructor(way: EngineConnector) {
    const options = {
      keepAlive: true,
      maxSockets: way.mostConnections,
      maxFreeSockets: mostAtRest,
      // Said here, or Node works out for every request which name a certificate would have to carry; not in its types.
      servername: '',
    };
    super(options);
    this.#way = way;
  }

  /** The library describes every request with all that hangs on it, sent or not: with its sockets that cost 5 ms each. */
  [inspect.custom](): string {
    return 'WayAgent';
  }

  /**
   * Called by Node for every request. The library would follow an answer that points elsewhere, over a connection of its own and with whatever
   * scheme that names: here no answer points anywhere, so that it is an error like any other status.
   */
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void {
    request.prependListener('response', ({ headers }: IncomingMessage) => {
      delete headers.location;
    });
    if (typeof nodeAddRequest !== 'function') {
      throw new Error('The agents of this Node make their requests in another way.');
    }
    Reflect.apply(nodeAddRequest, this, [request, ...rest]);
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
        told(null, likeSocket(stream));
      },
      (thrown: unknown) => {
        told(thrown instanceof Error ? thrown : new Error('no connection', { cause: thrown }));
      },
    );
  }
}
