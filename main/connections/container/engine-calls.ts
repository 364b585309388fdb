import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';

/** What running programs in a container asks of an engine. */
export interface EngineCalls {
  look(
    container: string,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly isRunning: boolean; readonly user: string }>;
  createExec(container: string, words: readonly string[], signal: AbortSignal): Promise<string>;
  /** The program's stdin and framed outputs. */
  startExec(exec: string, signal: AbortSignal): Promise<Duplex>;
  exitCodeOf(exec: string, signal: AbortSignal): Promise<number | null>;
}

/** Of engines since 2017; exec has not changed since. */
const apiVersion = '1.41';
const timeoutMs = 15_000;
const maxAnswerBytes = 1024 * 1024;

const Looked = z.object({
  Id: z.string(),
  State: z.object({ Running: z.boolean() }),
  Config: z.object({ User: z.string().optional() }),
});
const Created = z.object({ Id: z.string() });
const Ended = z.object({ ExitCode: z.number().nullable() });

/** `dial` opens a raw connection to the engine. */
export function engineCalls(dial: () => Duplex): EngineCalls {
  const ask = <T>(
    schema: z.ZodType<T>,
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal,
  ) => call(dial, schema, { method, path, body }, signal);
  return {
    look: async (container, signal) => {
      const path = `/containers/${encodeURIComponent(container)}/json`;
      const { Id, State, Config } = await ask(Looked, 'GET', path, null, signal);
      const user = (Config.User ?? '').split(':')[0] ?? '';
      return { id: Id, isRunning: State.Running, user: /^(?:0)?$/.test(user) ? 'root' : user };
    },
    createExec: async (container, words, signal) => {
      const path = `/containers/${encodeURIComponent(container)}/exec`;
      const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const body = { ...streams, Tty: false, Cmd: words };
      return (await ask(Created, 'POST', path, body, signal)).Id;
    },
    startExec: (exec, signal) => start(dial, exec, signal),
    exitCodeOf: async (exec, signal) =>
      (await ask(Ended, 'GET', `/exec/${exec}/json`, null, signal)).ExitCode,
  };
}

/** An engine behind a unix socket or a named pipe. */
export const dialSocket = (path: string) => (): Duplex =>
  connect({ path, allowHalfOpen: true }).on('error', () => undefined);

type Asked = { readonly method: string; readonly path: string; readonly body: unknown };

function open(dial: () => Duplex, { method, path, body }: Asked, headers: object) {
  const text = body === null ? '' : JSON.stringify(body);
  const asked = request({
    method,
    path: `/v${apiVersion}${path}`,
    host: 'engine',
    createConnection: dial,
    headers: {
      ...(body === null ? {} : { 'Content-Type': 'application/json' }),
      'Content-Length': Buffer.byteLength(text),
      ...headers,
    },
  });
  asked.end(text);
  return asked;
}

function call<T>(
  dial: () => Duplex,
  schema: z.ZodType<T>,
  asked: Asked,
  signal: AbortSignal,
): Promise<T> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise<T>((resolve, reject) => {
    const sent = open(dial, asked, { Connection: 'close' });
    const stop = (): void => {
      sent.destroy(new Error('no answer in time'));
    };
    limited.addEventListener('abort', stop, { once: true });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      read(answer)
        .then((text) => {
          resolve(parse(schema, answer.statusCode ?? 0, text));
        })
        .catch(reject)
        .finally(() => {
          limited.removeEventListener('abort', stop);
        });
    });
  });
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

const Refusal = z.object({ message: z.string() });

function parse<T>(schema: z.ZodType<T>, status: number, text: string): T {
  const body: unknown = JSON.parse(text);
  if (status >= 300) {
    const said = Refusal.safeParse(body);
    const message = said.success ? said.data.message : `status ${String(status)}`;
    throw new AppError('HOST_UNREACHABLE', `The engine said: ${message}`);
  }
  return schema.parse(body);
}

function start(dial: () => Duplex, exec: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asked = {
      method: 'POST',
      path: `/exec/${exec}/start`,
      body: { Detach: false, Tty: false },
    };
    const sent = open(dial, asked, { Connection: 'Upgrade', Upgrade: 'tcp' });
    const stop = (): void => {
      sent.destroy(new Error('stopped'));
    };
    signal.addEventListener('abort', stop, { once: true });
    sent.on('error', reject);
    sent.on('upgrade', (_answer, stream, head) => {
      signal.removeEventListener('abort', stop);
      if (head.length > 0) {
        stream.unshift(head);
      }
      resolve(stream);
    });
    sent.on('response', (answer) => {
      answer.resume();
      reject(new Error(`the engine did not start it (${String(answer.statusCode)})`));
    });
  });
}
