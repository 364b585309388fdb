import { Agent } from 'node:http';
import { exchange, prepare, toHttpError } from './http/exchange.js';
import type { HttpPort } from './ports.js';

/**
 * Asks one address and no other: agents of its own, so that no proxy variable can lead it elsewhere; redirects are answers,
 * not orders; a connection per request, so that a dead one is never mistaken for a dead service.
 */
export function createHttpAdapter(): HttpPort {
  const plain = new Agent({ keepAlive: false });
  let secure: Agent | null = null;
  return {
    async request(request, signal) {
      const errand = await prepare(request, signal);
      const agent = errand.url.protocol === 'http:' ? plain : (secure ??= await secureAgent());
      return exchange(errand, agent, false).catch((thrown: unknown) => {
        throw toHttpError(thrown, errand);
      });
    },
    // From here a connection is soon made, and none is kept.
    openAhead: () => undefined,
    letGo: () => undefined,
  };
}

async function secureAgent(): Promise<Agent> {
  const { Agent: SecureAgent } = await import('node:https');
  return new SecureAgent({ keepAlive: false });
}
