import type { Server } from 'node:http';
import { closeServer, listenAt } from '../service-http.js';
import type { Program } from '../service-http.js';
import type { Swarm } from './swarm.js';

/** The published port of the swarm's service: leads every request to one of its running tasks, each in its turn. */
export class Ingress {
  readonly #swarm: Swarm;
  readonly #port: number;
  #server: Server | null = null;
  #turn = 0;

  constructor(swarm: Swarm, port: number) {
    this.#swarm = swarm;
    this.#port = port;
  }

  /** Rejects with the system's error when the port is taken. */
  async open(): Promise<void> {
    this.#server = await listenAt(
      {
        isListening: () => this.#programs().length > 0,
        next: () => {
          const programs = this.#programs();
          this.#turn += 1;
          return programs[this.#turn % Math.max(1, programs.length)] ?? null;
        },
      },
      this.#port,
    );
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) {
      await closeServer(server);
    }
  }

  /** Only of tasks that run: one whose health check has not passed yet gets no request. */
  #programs(): readonly Program[] {
    const { book, engine } = this.#swarm;
    const served = book.record.services.filter(({ spec }) =>
      (spec.EndpointSpec?.Ports ?? []).some(({ PublishedPort }) => PublishedPort === this.#port),
    );
    return book.record.tasks
      .filter(({ serviceId }) => served.some(({ id }) => id === serviceId))
      .filter(({ state }) => state === 'running')
      .flatMap(({ containerId }) => {
        const container = engine.containers.find(({ id }) => id === containerId);
        return container === undefined ? [] : (engine.life.program(container) ?? []);
      })
      .filter((program) => program.isListening());
  }
}
