import { request as ask, createServer } from 'node:http';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where the line breaks: before the engine hears the request, once it has heard it, or after it has done it and before its answer arrives. */
export type Cut = {
  /** Of the requests that fit, the first one after so many. */
  readonly after: number;
  readonly kind: 'any' | 'change';
  readonly when: 'before' | 'during' | 'after';
  /** What happens at that moment besides. */
  readonly meanwhile?: () => Promise<void>;
};

/** Every line breaks at an instant, whatever is under way, and nobody gets through for a while. */
export type Outage = {
  readonly atMs: number;
  readonly forMs: number;
  readonly meanwhile?: () => Promise<void>;
};

/** A way to an engine that breaks at a chosen request, once. */
export class CutEngine {
  readonly socket: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'lastgood-cut-'));
  readonly #to: string;
  readonly #server: Server;
  #cut: Cut | null = null;
  #seen = 0;
  #isDown = false;
  #timer: NodeJS.Timeout | undefined;
  /** The request at which the line broke. */
  broken: string | null = null;

  constructor(to: string) {
    this.#to = to;
    this.socket = path.join(this.#folder, 'cut.sock');
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on('connection', (socket) => {
      if (this.#isDown) {
        socket.destroy();
      }
    });
  }

  open(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.socket, resolve));
  }

  /** Nothing of an earlier break is left. */
  heal(): void {
    clearTimeout(this.#timer);
    this.#isDown = false;
    this.#cut = null;
  }

  arm(cut: Cut | Outage): void {
    this.#seen = 0;
    this.broken = null;
    if ('atMs' in cut) {
      this.#timer = setTimeout(() => void this.#breakAll(cut), cut.atMs);
    } else {
      this.#cut = cut;
    }
  }

  async #breakAll({ atMs, forMs, meanwhile }: Outage): Promise<void> {
    this.broken = `every line after ${String(atMs)} ms, for ${String(forMs)} ms`;
    this.#isDown = true;
    this.#server.closeAllConnections();
    await meanwhile?.();
    this.#timer = setTimeout(() => {
      this.#isDown = false;
    }, forMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cut = this.#isTheOne(request) ? this.#cut : null;
    if (cut === null) {
      this.#pass(request, response, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      return;
    }
    this.#cut = null;
    this.broken = `${request.method ?? ''} ${request.url ?? ''}`;
    if (cut.when === 'during') {
      await new Promise<void>((resolve) => {
        const onward = this.#pass(request, response, (answer) => {
          answer.resume();
          resolve();
        });
        onward.once('finish', resolve);
      });
    }
    if (cut.when === 'after') {
      await new Promise<void>((resolve) => {
        this.#pass(request, response, (answer) => {
          answer.resume();
          answer.once('data', resolve);
          answer.once('close', resolve);
        });
      });
    }
    await cut.meanwhile?.();
    // The whole line, not one request of it.
    this.#server.closeAllConnections();
  }

  #isTheOne({ method }: IncomingMessage): boolean {
    const cut = this.#cut;
    if (cut === null || (cut.kind === 'change' && method === 'GET')) {
      return false;
    }
    this.#seen += 1;
    return this.#seen > cut.after;
  }

  #pass(
    request: IncomingMessage,
    response: ServerResponse,
    onAnswer: (answer: IncomingMessage) => void,
  ): ClientRequest {
    const { url: target = '', method, headers } = request;
    const onward = ask({ socketPath: this.#to, path: target, method, headers }, (answer) => {
      answer.on('error', () => request.socket.destroy());
      answer.on('close', () => {
        if (!answer.complete) {
          request.socket.destroy();
        }
      });
      onAnswer(answer);
    });
    onward.on('error', () => request.socket.destroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
    return onward;
  }
}
