import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { chmod } from 'node:fs/promises';
import type { ContainerEngine } from './container-engine.js';
import { EngineError } from './engine-error.js';
import { readJson } from './read-json.js';
import { API_VERSION, findRoute } from './router.js';
import type { Route } from './router.js';
import { routes } from './routes/all-routes.js';
import { closeServer } from './service-http.js';
import type { Swarm } from './swarm/swarm.js';

/** How long the engine is gone when it drops its line: long enough to be met, short enough to wait for. */
const SILENT_MS = 4_000;
const LATENCY_MS = 3;

/** The engine's HTTP interface on its unix socket, and on nothing else. */
export class EngineServer {
  readonly #engine: ContainerEngine;
  readonly #swarm: Swarm | null;
  readonly #socket: string;
  readonly #routes: readonly Route[];
  #server: Server | null = null;

  constructor(engine: ContainerEngine, swarm: Swarm | null, socket: string) {
    this.#engine = engine;
    this.#swarm = swarm;
    this.#socket = socket;
    this.#routes = routes;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: this.#socket }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#server = server;
    await chmod(this.#socket, 0o600);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) {
      await closeServer(server);
    }
  }

  #dropLine(): void {
    const closing = this.close();
    this.#engine.parts.pace.after(SILENT_MS, () => {
      // A world that is closed meanwhile has cancelled this.
      void closing.then(() => this.open()).catch(() => undefined);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    setHeaders(response);
    try {
      const url = new URL(request.url ?? '/', 'http://engine');
      const { handle, subject } = findRoute(this.#routes, request.method ?? 'GET', url.pathname);
      await this.#engine.parts.pace.wait(LATENCY_MS);
      const reply = await handle({
        engine: this.#engine,
        swarm: this.#swarm,
        subject,
        query: url.searchParams,
        body: () => readJson(request),
        request,
        response,
        dropLine: () => {
          this.#dropLine();
        },
      });
      if (reply !== null) {
        send(response, reply.status, reply.body);
      }
    } catch (error) {
      fail(response, error);
    }
  }
}

function setHeaders(response: ServerResponse): void {
  response.setHeader('Api-Version', API_VERSION);
  response.setHeader('Docker-Experimental', 'false');
  response.setHeader('Ostype', 'linux');
  response.setHeader('Server', 'Docker/24.0.7 (linux)');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) {
    return;
  }
  if (body === undefined) {
    response.writeHead(status);
    response.end();
    return;
  }
  const isText = typeof body === 'string';
  const text = isText ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof EngineError ? error.status : 500;
  const message = error instanceof Error ? error.message : 'the practice engine failed';
  send(response, status, { message });
}
