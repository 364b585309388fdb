import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import { shellQuote } from '../../steps/shell-quote.js';
import type { EngineConnector } from './way.js';

/** What the way over SSH needs of a host; the connection itself is the host's one, shared with everything else. */
export type EngineHost = {
  readonly name: string;
  ready(signal: AbortSignal): Promise<void>;
  connectSocket(path: string, signal: AbortSignal): Promise<Duplex>;
  connectCommand(command: string, signal: AbortSignal): Promise<Duplex>;
};

/** Of the eight commands at once that a host's connection allows, the others are left to whoever else uses it. */
const mostConnections = 6;

/**
 * Each connection to the engine is a channel of the host's one connection: straight to the socket, or, where the host
 * permits no forwarding, through Docker's own command line there.
 */
export function sshWay(host: EngineHost, socket: string): EngineConnector {
  const command = dialStdio(socket);
  let isForwardingRefused = false;
  return {
    label: `${socket} on ${host.name}`,
    mostConnections,
    ready: (signal) => host.ready(signal),
    connect: async (signal) => {
      if (isForwardingRefused) {
        return host.connectCommand(command, signal);
      }
      try {
        return await host.connectSocket(socket, signal);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'HOST_FORWARD_REFUSED') {
          throw thrown;
        }
        const stream = await host.connectCommand(command, signal);
        // Not kept where the socket alone was not there: an engine that is starting comes back to the straight way.
        isForwardingRefused = !/connect failed|open failed/i.test(thrown.message);
        return stream;
      }
    },
  };
}

/** The account's own variables and contexts over there must not lead it to another engine. */
function dialStdio(socket: string): string {
  const script = [
    'unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION',
    `exec docker --host ${shellQuote(`unix://${socket}`)} system dial-stdio`,
  ].join('\n');
  return `sh -c ${shellQuote(script)}`;
}
