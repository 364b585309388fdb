import { AppError } from '../../shared/errors/app-error.js';
import type { Light } from '../../shared/ipc/views.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import { openDatabases } from './open-databases.js';
import { createDockerAdapter } from './docker-adapter.js';
import type { HostLocks } from './host-types.js';
import { HostKeeper } from './hosts/host-keeper.js';
import type { HostOpener } from './hosts/host-opener.js';
import { createHttpAdapter } from './http-adapter.js';
import type { Connections, DockerPort } from './ports.js';

export type { HostLocks, HostLockOwner, HostLockPlace } from './host-types.js';
export type { HostOpener } from './hosts/host-opener.js';

export type ConnectionPool = {
  /** For what a person or a step asks: connects where needed. */
  readonly connections: Connections;
  /** For what looks again and again by itself: a host that is not connected is not connected by it. */
  readonly watching: Connections;
  /** ENVIRONMENT_UNKNOWN when the environment has no host of that name. */
  readonly locks: (host: string) => HostLocks;
  /** Connects the hosts that are named and keeps them; `onLights` is told whenever one of their lights changes. */
  readonly keep: (hosts: readonly string[], onLights: () => void) => void;
  /** Reads only: one light per engine; hosts have theirs at all times, and the health address has the run's own probe. Never rejects. */
  check(signal: AbortSignal): Promise<readonly Light[]>;
  /** The lights of the hosts as they are; asks nobody. */
  readonly hostLights: () => readonly Light[];
  /** Lets go of every host. */
  close(): Promise<void>;
};

const checkTimeoutMs = 5_000;

/** Opens each engine and host of the environment once, when it is first needed. */
export function createConnectionPool(
  environment: Environment,
  opener: HostOpener | null = null,
): ConnectionPool {
  const docker = dockerPorts(environment);
  const keepers = new HostKeepers(environment, opener);
  const { via } = environment;
  const http = (host: Connections['host']) =>
    via === undefined
      ? createHttpAdapter()
      : createHttpAdapter((name, port, signal) => host(via).connect(name, port, signal));
  const host: Connections['host'] = (name) => keepers.of(name).port;
  const quiet: Connections['host'] = (name) => keepers.of(name).quiet;
  const opened = openDatabases(environment, opener, host);
  const databases = {
    database: (name: string) => opened.port(name),
    databaseTools: (name: string) => opened.tools(name),
  };
  return {
    connections: { docker, host, http: http(host), ...databases },
    watching: { docker, host: quiet, http: http(quiet), ...databases },
    locks: (name) => keepers.of(name).port,
    keep: (hosts, onLights) => {
      keepers.keep(hosts, onLights);
    },
    hostLights: () => keepers.lights,
    check: async (signal) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
      const engines = environment.engines.map(({ name }) =>
        light(name, async () => {
          const { engineVersion, apiVersion } = await docker(name).info(limited);
          return `Engine ${engineVersion}, API ${apiVersion}`;
        }),
      );
      return Promise.all(engines);
    },
    close: async () => {
      await opened.close();
      await keepers.close();
    },
  };
}

function dockerPorts(environment: Environment): (name: string) => DockerPort {
  const opened = new Map<string, DockerPort>();
  return (name) => {
    const engine = environment.engines.find((candidate) => candidate.name === name);
    if (engine === undefined) {
      throw new AppError(
        'ENVIRONMENT_UNKNOWN',
        `${environment.name} has no engine called ${name}.`,
      );
    }
    const port = opened.get(name) ?? createDockerAdapter(engine.socket);
    opened.set(name, port);
    return port;
  };
}

class HostKeepers {
  readonly #environment: Environment;
  readonly #opener: HostOpener | null;
  readonly #opened = new Map<string, HostKeeper>();
  #onLights: () => void = () => undefined;

  constructor(environment: Environment, opener: HostOpener | null) {
    this.#environment = environment;
    this.#opener = opener;
  }

  get lights(): readonly Light[] {
    return [...this.#opened.values()].map((keeper) => keeper.light);
  }

  of(name: string): HostKeeper {
    const { hosts = [], name: environment } = this.#environment;
    const address = hosts.find((candidate) => candidate.name === name);
    if (address === undefined || this.#opener === null) {
      throw new AppError('ENVIRONMENT_UNKNOWN', `${environment} has no host called ${name}.`);
    }
    const keeper =
      this.#opened.get(name) ??
      new HostKeeper({
        environment,
        address,
        opener: this.#opener,
        onLight: () => {
          this.#onLights();
        },
      });
    this.#opened.set(name, keeper);
    return keeper;
  }

  keep(hosts: readonly string[], onLights: () => void): void {
    this.#onLights = onLights;
    for (const name of hosts) {
      this.of(name).keep();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map((keeper) => keeper.close()));
  }
}

async function light(name: string, look: () => Promise<string>): Promise<Light> {
  try {
    return { name, state: 'ok', text: await look() };
  } catch (thrown) {
    if (thrown instanceof AppError) {
      const text = thrown.code === 'STEP_STOPPED' ? 'No answer in time' : thrown.message;
      return { name, state: 'bad', text };
    }
    return { name, state: 'bad', text: 'The check itself failed; the details are in the app log.' };
  }
}
