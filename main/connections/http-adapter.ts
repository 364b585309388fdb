import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../../shared/errors/app-error.js';
import type { HttpAnswer, HttpPort, HttpRequest } from './ports.js';

const maxBodyBytes = 64 * 1024;

/** Opens the connection that a request is sent over. Rejects with the host's own errors where it cannot tell who listens. */
export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

type Sender = { readonly agent: HttpAgent; readonly send: typeof httpRequest };

/** Loaded with the first secure address: most of what a start waits for is Node's own code, and TLS is a good part of it. */
async function secureSender(): Promise<Sender> {
  const { Agent, request } = await import('node:https');
  return { agent: new Agent({ keepAlive: false }), send: request };
}

/**
 * Asks one address and no other: agents of its own, so that no proxy variable can lead it elsewhere; redirects are answers,
 * not orders; a connection per request, so that a dead one is never mistaken for a dead service.
 */
export function createHttpAdapter(dial: Dial | null = null): HttpPort {
  const plain: Sender = { agent: new HttpAgent({ keepAlive: false }), send: httpRequest };
  let secure: Promise<Sender> | null = null;
  return {
    async request(request, signal) {
      const url = new URL(request.url);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new AppError('HTTP_NO_ANSWER', `${request.url} is not a web address.`);
      }
      const deadline = AbortSignal.timeout(request.timeoutMs);
      const limited = AbortSignal.any([signal, deadline]);
      const startedAt = performance.now();
      const { agent, send } = url.protocol === 'http:' ? plain : await (secure ??= secureSender());
      const way =
        dial === null
          ? { agent }
          : { createConnection: await dialed(dial, url, request, { limited, signal }) };
      const options: RequestOptions = {
        ...way,
        method: request.method,
        headers: toHeaders(request),
        signal: limited,
      };
      try {
        return await exchange(send, url, options, request.body, startedAt);
      } catch (thrown) {
        throw toHttpError(thrown, request, signal, deadline);
      }
    },
  };
}

/**
 * The connection as the host makes it. Where the host cannot be asked, nobody knows whether the service answers: that is
 * passed on as it is, and never as an answer that did not come.
 */
async function dialed(
  dial: Dial,
  url: URL,
  request: HttpRequest,
  { limited, signal }: { readonly limited: AbortSignal; readonly signal: AbortSignal },
): Promise<() => Duplex> {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const socket = await dial(host, port, limited).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'HOST_FORWARD_REFUSED') {
      const text = `${request.method} ${request.url}: ${reasons['ECONNREFUSED'] ?? ''}.`;
      throw new AppError('HTTP_NO_ANSWER', text, { cause: thrown });
    }
    // It was not called off: the line is silent, and nothing was sent over it.
    if (limited.aborted && !signal.aborted) {
      const text = `${request.method} ${request.url}: the host that asks did not answer within ${request.timeoutMs / 1_000} s.`;
      throw new AppError('HOST_UNREACHABLE', text, { cause: thrown });
    }
    throw thrown;
  });
  // Whatever happens to it before the request has it must not end the process.
  socket.on('error', () => undefined);
  if (!isSecure) {
    return () => socket;
  }
  const { connect } = await import('node:tls');
  return () => connect({ socket, servername: host });
}

function exchange(
  send: Sender['send'],
  url: URL,
  options: RequestOptions,
  body: string | undefined,
  startedAt: number,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(url, options, (incoming) => {
      readBody(incoming, reject, (text) => {
        resolve({
          status: incoming.statusCode ?? 0,
          body: text,
          milliseconds: performance.now() - startedAt,
        });
        // Closes at once where the answer was cut, and where the other side would keep the line open.
        outgoing.destroy();
      });
    });
    // Stays attached: a reset after the answer must not end the process.
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function readBody(
  incoming: IncomingMessage,
  reject: (error: Error) => void,
  done: (text: string) => void,
): void {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let left = maxBodyBytes;
  incoming.on('data', (chunk: Buffer) => {
    text += decoder.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) {
      done(text);
    }
  });
  incoming.on('end', () => {
    done(text + decoder.end());
  });
  incoming.on('error', reject);
  incoming.on('close', () => {
    reject(new Error('closed before its end'));
  });
}

function toHeaders(request: HttpRequest): Record<string, string> {
  const length =
    request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
  return { accept: '*/*', 'user-agent': 'lastgood', ...length, ...request.headers };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'the host did not answer',
};

function toHttpError(
  thrown: unknown,
  request: HttpRequest,
  signal: AbortSignal,
  deadline: AbortSignal,
): AppError {
  if (signal.aborted) {
    return new AppError('STEP_STOPPED', `Stopped waiting for ${request.url}.`, { cause: thrown });
  }
  const code =
    thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no complete answer';
  const reason = deadline.aborted
    ? `no answer within ${request.timeoutMs / 1_000} s`
    : (reasons[code] ?? code);
  return new AppError('HTTP_NO_ANSWER', `${request.method} ${request.url}: ${reason}.`, {
    cause: thrown,
  });
}
