import { request as plainly } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { AppError } from '../../../shared/errors/app-error.js';
import type { HttpAnswer, HttpRequest } from '../ports.js';

const maxBodyBytes = 64 * 1024;

/** One request on its way. */
export type Errand = {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly send: typeof plainly;
  readonly startedAt: number;
  /** The operator’s. */
  readonly signal: AbortSignal;
  readonly deadline: AbortSignal;
  readonly limited: AbortSignal;
};

/** Loads TLS with the first secure address: most of what a start waits for is Node's own code. */
export async function prepare(request: HttpRequest, signal: AbortSignal): Promise<Errand> {
  const url = new URL(request.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('HTTP_NO_ANSWER', `${request.url} is not a web address.`);
  }
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const limited = AbortSignal.any([signal, deadline]);
  const startedAt = performance.now();
  const send = url.protocol === 'http:' ? plainly : (await import('node:https')).request;
  return { request, url, send, startedAt, signal, deadline, limited };
}

/** The answer, over a connection of the agent; with `keeps` that stays open where the answer was read to its end. */
export function exchange(errand: Errand, agent: Agent, keeps: boolean): Promise<HttpAnswer> {
  const { request, url, send, startedAt, limited } = errand;
  const { method, body } = request;
  return new Promise((resolve, reject) => {
    const options = { agent, method, headers: toHeaders(request), signal: limited };
    const outgoing = send(url, options, (incoming) => {
      readBody(incoming, reject, (text, isWhole) => {
        resolve({
          status: incoming.statusCode ?? 0,
          body: text,
          milliseconds: performance.now() - startedAt,
        });
        // Closes at once where the answer was cut, and where the other side would keep the line open.
        if (!isWhole || !keeps) {
          outgoing.destroy();
        }
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
  done: (text: string, isWhole: boolean) => void,
): void {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let left = maxBodyBytes;
  incoming.on('data', (chunk: Buffer) => {
    text += decoder.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) {
      done(text, false);
    }
  });
  incoming.on('end', () => {
    done(text + decoder.end(), true);
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

const refused = 'nobody listens there';
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: refused,
  HOST_FORWARD_REFUSED: refused,
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'the host did not answer',
};

export function toHttpError(
  thrown: unknown,
  { request, signal, deadline }: Pick<Errand, 'request' | 'signal' | 'deadline'>,
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
