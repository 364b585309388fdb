import { homedir } from 'node:os';
import { AppError } from '../../../shared/errors/app-error.js';
import type {
  EngineAddress,
  Environment,
  HostAddress,
} from '../../../shared/runbook/environment-schema.js';
import { engineWayOf } from '../../../shared/runbook/engine-way.js';
import type { EngineWay } from '../../../shared/runbook/engine-way.js';
import type { EngineCalls } from '../container/engine-calls.js';
import { enginePorts } from '../docker-adapter.js';
import type { Engine } from '../docker-adapter.js';
import type { DockerPort, SwarmPort } from '../ports.js';
import { readContext } from './context-files.js';
import type { ContextWay } from './context-files.js';
import { engineLine } from './engine-places.js';
import { socketWay } from './socket-way.js';
import { sshWay } from './ssh-way.js';
import type { EngineHost } from './ssh-way.js';
import { tcpEngine } from './tls-way.js';
import type { EngineConnector } from './way.js';

type HostOf = (address: HostAddress, isQuiet: boolean) => EngineHost;

/** The engines of one environment, each opened once: for what is asked, and for what looks again and again by itself. */
export class EnginePorts {
  readonly #environment: Environment;
  readonly #hostOf: HostOf;
  readonly #engines = new Map<string, Engine>();
  readonly #quiet = new Map<string, Engine>();
  /** Read once: a run never changes engines because somebody edits a context meanwhile. */
  readonly #contexts = new Map<string, Promise<ContextWay>>();

  constructor(environment: Environment, hostOf: HostOf) {
    this.#environment = environment;
    this.#hostOf = hostOf;
  }

  /** Connects where needed. ENVIRONMENT_UNKNOWN when the environment has no engine of that name. */
  port(name: string): DockerPort {
    return this.#open(this.#engines, name, false).docker;
  }

  /** The same engine as the manager of a swarm. */
  swarm(name: string): SwarmPort {
    return this.#open(this.#engines, name, false).swarm;
  }

  /** For programs in its containers. */
  calls(name: string): EngineCalls {
    return this.#open(this.#engines, name, false).calls;
  }

  /** Never begins a connection to a host. */
  quietPort(name: string): DockerPort {
    return this.#open(this.#quiet, name, true).docker;
  }

  quietSwarm(name: string): SwarmPort {
    return this.#open(this.#quiet, name, true).swarm;
  }

  /** Where the engine is, in one line. Never rejects. */
  describe(name: string): Promise<string> {
    return engineLine(this.#engineNamed(name));
  }

  #open(opened: Map<string, Engine>, name: string, isQuiet: boolean): Engine {
    const engine = opened.get(name) ?? enginePorts(this.#connector(name, isQuiet));
    opened.set(name, engine);
    return engine;
  }

  #connector(name: string, isQuiet: boolean): EngineConnector {
    const way = this.#wayOf(name);
    switch (way.kind) {
      case 'socket':
        return socketWay(way.path);
      case 'tcp':
        return tcpEngine(way, homedir());
      case 'ssh':
        return sshWay(this.#hostOf(this.#hostNamed(way.host), isQuiet), way.socket);
      case 'context':
        return this.#byContext(name, way.context, isQuiet);
    }
  }

  #byContext(engine: string, context: string, isQuiet: boolean): EngineConnector {
    let made: Promise<EngineConnector> | null = null;
    const connector = (): Promise<EngineConnector> => {
      made ??= this.#context(context)
        .then((way) => this.#contextConnector(engine, way, isQuiet))
        .catch((thrown: unknown) => {
          made = null;
          throw thrown;
        });
      return made;
    };
    return {
      label: `Docker context ${context}`,
      mostConnections: 6,
      ready: async (signal) => (await connector()).ready(signal),
      connect: async (signal) => (await connector()).connect(signal),
    };
  }

  #contextConnector(engine: string, way: ContextWay, isQuiet: boolean): EngineConnector {
    switch (way.kind) {
      case 'socket':
        return socketWay(way.path);
      case 'tcp':
        return tcpEngine(way, homedir());
      case 'ssh-address': {
        const { hosts = [] } = this.#environment;
        const known = hosts.find(({ address }) => address === way.address);
        const address = known ?? { name: `${engine}-host`, address: way.address };
        return sshWay(this.#hostOf(address, isQuiet), way.socket);
      }
    }
  }

  async #context(name: string): Promise<ContextWay> {
    const read = this.#contexts.get(name) ?? readContext(name, homedir());
    this.#contexts.set(name, read);
    return read.catch((thrown: unknown) => {
      this.#contexts.delete(name);
      throw thrown;
    });
  }

  #wayOf(name: string): EngineWay {
    const engine = this.#engineNamed(name);
    const way = engineWayOf(engine);
    if ('problem' in way) {
      throw new AppError('DOCKER_WAY_UNUSABLE', `${engine.name}: ${way.problem}.`);
    }
    return way;
  }

  #engineNamed(name: string): EngineAddress {
    const { engines, name: environment } = this.#environment;
    const engine = engines.find((candidate) => candidate.name === name);
    if (engine === undefined) {
      throw new AppError('ENVIRONMENT_UNKNOWN', `${environment} has no engine called ${name}.`);
    }
    return engine;
  }

  #hostNamed(name: string): HostAddress {
    const { hosts = [], name: environment } = this.#environment;
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined) {
      throw new AppError('ENVIRONMENT_UNKNOWN', `${environment} has no host called ${name}.`);
    }
    return host;
  }
}

/** The hosts over which engines are asked; a context's own host is connected when it is first needed. */
export function hostsOfEngines({ engines }: Environment): readonly string[] {
  return engines.flatMap(({ ssh }) => (ssh === undefined ? [] : [ssh]));
}
