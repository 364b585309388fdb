import { AppError } from '../../../shared/errors/app-error.js';
import type { HttpAnswer, HttpPort } from '../ports.js';
import { exchange, prepare, toHttpError } from './exchange.js';
import type { Errand } from './exchange.js';
import type { OneConnection } from './one-connection.js';
import { Tunnel } from './tunnel.js';
import type { Dial } from './tunnel.js';

/**
 * Asks from a host, as the adapter asks from here. With `keeps` a connection stays open for a while after an answer, and a request
 * that may reuse one costs one way over the line instead of two. Whatever becomes of it then says nothing of the service: it
 * is asked again over a new one. Only what reads may be asked so; a POST goes out once, over a connection that is new.
 */
export function createTunnelledHttp(dial: Dial, { keeps }: { readonly keeps: boolean }): HttpPort {
  const tunnel = new Tunnel(dial, keeps);
  return {
    async request(request, signal) {
      const errand = await prepare(request, signal);
      const mayReuse = request.method === 'GET' && request.mayReuse === true;
      const used = mayReuse ? tunnel.takeUsed(errand.url) : null;
      const answer = used === null ? null : await overUsed(tunnel, used, errand);
      return answer ?? overNew(tunnel, errand);
    },
    openAhead: (url) => {
      tunnel.openAhead(new URL(url));
    },
    letGo: () => {
      tunnel.letGo();
    },
  };
}

/** Null where it brought none: half of the time is left for a new connection then. */
async function overUsed(
  tunnel: Tunnel,
  used: OneConnection,
  errand: Errand,
): Promise<HttpAnswer | null> {
  const half = AbortSignal.timeout(errand.request.timeoutMs / 2);
  const limited = AbortSignal.any([errand.limited, half]);
  return over(tunnel, used, { ...errand, limited }).catch(() => null);
}

async function overNew(tunnel: Tunnel, errand: Errand): Promise<HttpAnswer> {
  const connection = await tunnel.open(errand.url, errand.limited).catch((thrown: unknown) => {
    throw toOpenError(thrown, errand);
  });
  return over(tunnel, connection, errand).catch((thrown: unknown) => {
    throw toHttpError(thrown, errand);
  });
}

async function over(
  tunnel: Tunnel,
  connection: OneConnection,
  errand: Errand,
): Promise<HttpAnswer> {
  const { letGone } = tunnel;
  try {
    const answer = await exchange(errand, connection, connection.keeps);
    tunnel.keep(errand.url, connection, letGone);
    return answer;
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

/**
 * Where the host cannot be asked, nobody knows whether the service answers: that is passed on as it is, and never as an
 * answer that did not come.
 */
function toOpenError(thrown: unknown, errand: Errand): unknown {
  const { request, signal, limited } = errand;
  const isRefused = thrown instanceof AppError && thrown.code === 'HOST_FORWARD_REFUSED';
  if (isRefused || signal.aborted) {
    return toHttpError(thrown, errand);
  }
  // It was not called off: the line is silent, and nothing was sent over it.
  if (limited.aborted) {
    const text = `${request.method} ${request.url}: the host that asks did not answer within ${request.timeoutMs / 1_000} s.`;
    return new AppError('HOST_UNREACHABLE', text, { cause: thrown });
  }
  return thrown;
}
