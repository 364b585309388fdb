import { Readable } from 'node:stream';
import { AppError } from '../../shared/errors/app-error.js';
import { toDockerError } from './docker-errors.js';
import type { Asked } from './docker-errors.js';
import type { EngineConnector } from './docker/way.js';

export type DialOptions = {
  path: string;
  method: string;
  isStream: boolean;
  abortSignal: AbortSignal;
  statusCodes: Record<number, boolean | string>;
  headers?: Record<string, string>;
  options: { _query: Record<string, string>; _body: unknown };
};

export type Dial = (
  options: DialOptions,
  callback: (error: unknown, answer: unknown) => void,
) => void;

export type Call = Asked & {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What must not stand in an address: credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long to wait for the whole answer; null for streams that may be quiet for hours. */
  readonly timeoutMs?: number | null;
};

const defaultTimeoutMs = 15_000;

/** 304 is the engine's "it is already so". */
const accepted = { 200: true, 201: true, 204: true, 304: true };

/** One request at a time over the way to the engine, with one way for each thing that can go wrong. */
export class DockerTransport {
  readonly #way: Pick<EngineConnector, 'label' | 'ready'>;
  readonly #dial: Dial;

  constructor(way: Pick<EngineConnector, 'label' | 'ready'>, dial: Dial) {
    this.#way = way;
    this.#dial = dial;
  }

  /** Where the engine is, as messages name it. */
  get place(): string {
    return this.#way.label;
  }

  async call(call: Call, signal: AbortSignal): Promise<unknown> {
    return this.#withDeadline(call, signal, async (either) => {
      const text = await collect(await this.#open(call, either));
      return text.trim() === '' ? null : parseJson(call, text);
    });
  }

  /** Hands over the answer's bytes as they come, until it ends or the signal fires. */
  async stream(call: Call, signal: AbortSignal, onBytes: (chunk: Buffer) => void): Promise<void> {
    await this.#withDeadline(call, signal, async (either) => {
      await consume(await this.#open(call, either), onBytes);
    });
  }

  async #withDeadline<T>(
    call: Call,
    signal: AbortSignal,
    work: (either: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const timeoutMs = call.timeoutMs === undefined ? defaultTimeoutMs : call.timeoutMs;
    // A person who is asked about a host's key takes longer than any engine.
    await this.#ready(call, signal);
    const deadline = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs);
    try {
      return await work(deadline === null ? signal : AbortSignal.any([signal, deadline]));
    } catch (thrown) {
      if (deadline?.aborted === true && !signal.aborted) {
        const seconds = Math.round((timeoutMs ?? 0) / 1_000);
        throw new AppError(
          'DOCKER_UNREACHABLE',
          `The engine did not ${call.what} within ${seconds} s.`,
          {
            cause: thrown,
          },
        );
      }
      throw toDockerError(thrown, call, this.place, signal);
    }
  }

  async #ready(call: Call, signal: AbortSignal): Promise<void> {
    try {
      await this.#way.ready(signal);
    } catch (thrown) {
      throw toDockerError(thrown, call, this.place, signal);
    }
  }

  async #open(call: Call, abortSignal: AbortSignal): Promise<Readable> {
    abortSignal.throwIfAborted();
    return new Promise<Readable>((resolve, reject) => {
      this.#dial(
        {
          path: `${call.path}?`,
          method: call.method,
          // Always as a stream: otherwise an answer that breaks off in the middle is never reported at all.
          isStream: true,
          abortSignal,
          statusCodes: accepted,
          ...(call.headers === undefined ? {} : { headers: { ...call.headers } }),
          options: { _query: { ...call.query }, _body: call.body ?? {} },
        },
        (error, answer) => {
          if (answer instanceof Readable) {
            resolve(answer);
          } else {
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- foreign; toDockerError reads it
            reject(error);
          }
        },
      );
    });
  }
}

function consume(answer: Readable, onBytes: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // The handler stays for the life of the stream: a late error without one would end the process.
    answer.on('error', reject);
    answer.on('end', resolve);
    answer.on('close', () => {
      reject(Object.assign(new Error('closed before its end'), { code: 'ECONNRESET' }));
    });
    answer.on('data', (chunk: Buffer) => {
      try {
        onBytes(chunk);
      } catch (thrown) {
        reject(thrown instanceof Error ? thrown : new Error('a reader failed', { cause: thrown }));
        answer.destroy();
      }
    });
  });
}

async function collect(answer: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  await consume(answer, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(call: Call, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw new AppError(
      'DOCKER_ANSWER_UNREADABLE',
      `Asked to ${call.what}, the engine answered with something else than JSON.`,
      {
        cause: thrown,
      },
    );
  }
}
