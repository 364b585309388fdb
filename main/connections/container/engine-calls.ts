import { request } from 'node:http';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { toDockerError } from '../docker-errors.js';
import type { Asked } from '../docker-errors.js';
import type { EngineConnector } from '../docker/way.js';

/** What running programs in a container asks of an engine. Rejects with the errors of `DockerPort`. */
export interface EngineCalls {
  look(
    container: string,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly isRunning: boolean; readonly user: string }>;
  createExec(container: string, words: readonly string[], signal: AbortSignal): Promise<string>;
  /** The program's stdin and framed outputs. Ending it closes the program's stdin. */
  startExec(exec: string, signal: AbortSignal): Promise<Duplex>;
  /** Null while it runs. */
  exitCodeOf(exec: string, signal: AbortSignal): Promise<number | null>;
  /** Whether connections may stand there that only wait to be used: over SSH they are shared with everything else. */
  readonly hasRoom: boolean;
}

/** Of engines since 2017; exec has not changed since. */
const apiVersion = '1.41';
const timeoutMs = 15_000;
const maxAnswerBytes = 1024 * 1024;

const Looked = z.object({
  Id: z.string(),
  State: z.object({ Running: z.boolean() }),
  Config: z.object({ User: z.string().nullish() }),
});
const Created = z.object({ Id: z.string() });
const Ended = z.object({ Running: z.boolean(), ExitCode: z.number().nullish() });
const Refusal = z.object({ message: z.string() });

type Sent = Asked & { readonly method: string; readonly path: string; readonly body?: unknown };

/** The agent makes every connection by the way, and keeps to how many there may be. */
export function engineCalls(way: EngineConnector, agent: Agent): EngineCalls {
  const caller = new Caller(way, agent);
  const at = (container: string): string => `/containers/${encodeURIComponent(container)}`;
  return {
    hasRoom: way.mostConnections === Number.POSITIVE_INFINITY,
    look: async (container, signal) => {
      const what = `look at container ${container}`;
      const asked: Sent = {
        what,
        notFound: 'container',
        method: 'GET',
        path: `${at(container)}/json`,
      };
      const { Id, State, Config } = await caller.call(Looked, asked, signal);
      const user = (Config.User ?? '').split(':')[0] ?? '';
      return { id: Id, isRunning: State.Running, user: /^(?:0)?$/.test(user) ? 'root' : user };
    },
    createExec: async (container, words, signal) => {
      const what = `run a program in container ${container}`;
      const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const body = { ...streams, Tty: false, Cmd: words };
      const path = `${at(container)}/exec`;
      const asked: Sent = { what, notFound: 'container', method: 'POST', path, body };
      return (await caller.call(Created, asked, signal)).Id;
    },
    startExec: (exec, signal) => caller.start(exec, signal),
    exitCodeOf: async (exec, signal) => {
      const asked: Sent = {
        what: 'say how a program ended',
        method: 'GET',
        path: `/exec/${exec}/json`,
      };
      const { Running, ExitCode } = await caller.call(Ended, asked, signal);
      return Running ? null : (ExitCode ?? null);
    },
  };
}

class Caller {
  readonly #way: EngineConnector;
  readonly #agent: Agent;

  constructor(way: EngineConnector, agent: Agent) {
    this.#way = way;
    this.#agent = agent;
  }

  call<T>(schema: z.ZodType<T>, asked: Sent, signal: AbortSignal): Promise<T> {
    return this.#limited(asked, signal, async (limited) => {
      const answer = await this.#send(asked, {}, limited);
      return parse(schema, answer.statusCode ?? 0, await read(answer));
    });
  }

  start(exec: string, signal: AbortSignal): Promise<Duplex> {
    const asked: Sent = {
      what: 'start a program in a container',
      method: 'POST',
      path: `/exec/${exec}/start`,
      body: { Detach: false, Tty: false },
    };
    return this.#limited(asked, signal, (limited) => this.#upgrade(asked, limited));
  }

  /** A person who is asked about a host's key takes longer than any engine: that wait has no deadline. */
  async #limited<T>(
    asked: Sent,
    signal: AbortSignal,
    work: (limited: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      signal.throwIfAborted();
      await this.#way.ready(signal);
      return await work(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    } catch (thrown) {
      throw toDockerError(thrown, asked, this.#way.label, signal);
    }
  }

  #send(asked: Sent, headers: object, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      this.#open(asked, headers, signal).on('error', reject).on('response', resolve);
    });
  }

  #upgrade(asked: Sent, signal: AbortSignal): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const sent = this.#open(asked, { Connection: 'Upgrade', Upgrade: 'tcp' }, signal);
      sent.on('error', reject);
      sent.on('upgrade', (_answer, stream, head) => {
        if (head.length > 0) {
          stream.unshift(head);
        }
        resolve(stream);
      });
      sent.on('response', (answer) => {
        read(answer)
          .then((text) => {
            throw refusal(answer.statusCode ?? 0, text);
          })
          .catch(reject);
      });
    });
  }

  #open({ method, path, body }: Sent, headers: object, signal: AbortSignal): ClientRequest {
    const text = body === undefined ? '' : JSON.stringify(body);
    const sent = request({
      agent: this.#agent,
      method,
      path: `/v${apiVersion}${path}`,
      host: 'engine',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        'Content-Length': Buffer.byteLength(text),
        ...headers,
      },
    });
    const stop = (): void => {
      sent.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    };
    signal.addEventListener('abort', stop, { once: true });
    const over = (): void => {
      signal.removeEventListener('abort', stop);
    };
    sent.on('close', over).on('upgrade', over);
    sent.end(text);
    return sent;
  }
}

async function read(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream: AsyncIterable<Buffer> = answer;
  for await (const bytes of stream) {
    size += bytes.length;
    if (size > maxAnswerBytes) {
      throw new Error('the answer is too long');
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse<T>(schema: z.ZodType<T>, status: number, text: string): T {
  if (status >= 300) {
    throw refusal(status, text);
  }
  const body: unknown = JSON.parse(text);
  return schema.parse(body);
}

/** As `toDockerError` reads it. */
function refusal(statusCode: number, text: string): Error {
  let message = text;
  try {
    message = Refusal.parse(JSON.parse(text)).message;
  } catch {
    // Something else than an engine's own words: they are said as they are.
  }
  return Object.assign(new Error(message), { statusCode });
}
