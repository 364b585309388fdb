import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Answer } from './service-answers.js';

/** What the program behind a published port does with a request. */
export type Program = {
  /** False while it starts and once it was asked to end: the line is cut without a word. */
  readonly isListening: () => boolean;
  readonly answer: (method: string, path: string) => Answer;
  readonly latencyMs: () => number;
  readonly later: (milliseconds: number, action: () => void) => void;
  /** Called when it is gone before it has answered. Answers how to let go. */
  readonly hold: (cut: () => void) => () => void;
};

/** Who answers at a port: one program, or several in turn. */
export type Listener = {
  /** False when a line is cut without a word. */
  readonly isListening: () => boolean;
  /** Whose turn it is; null when nobody listens any more. */
  readonly next: () => Program | null;
};

/** Listens on 127.0.0.1 only; port 0 takes any free one. Rejects with the system's own error. */
export async function listenAt(listener: Listener, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const program = listener.next();
    if (program?.isListening() !== true) {
      request.socket.destroy();
      return;
    }
    // The body is read to its end and not looked at: nothing that is sent here can matter.
    request.resume();
    response.once(
      'close',
      program.hold(() => request.socket.destroy()),
    );
    program.later(program.latencyMs(), () => {
      reply(program, request, response);
    });
  });
  server.on('connection', (socket) => {
    if (!listener.isListening()) {
      socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}

export function serveProgram(program: Program, port: number): Promise<Server> {
  return listenAt({ isListening: program.isListening, next: () => program }, port);
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function reply(program: Program, request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const { status, body } = program.answer(request.method ?? 'GET', path);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
