import { AppError } from '../../shared/errors/app-error.js';
import type { Light } from '../../shared/ipc/views.js';
import type { Environment, HostAddress } from '../../shared/runbook/environment-schema.js';
import { engineLight } from './docker/engine-light.js';
import { EnginePorts, hostsOfEngines } from './docker/engine-ports.js';
import { openDatabases } from './open-databases.js';
import { ownRegistryLogin as registryLogin } from './own-docker-config.js';
import type { HostLocks } from './host-types.js';
import { HostKeeper } from './hosts/host-keeper.js';
import type { HostOpener } from './hosts/host-opener.js';
import { createTunnelledHttp } from './http/tunnelled-http.js';
import { createHttpAdapter } from './http-adapter.js';
import type { Connections } from './ports.js';

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
  /** Where each engine is, a line each; connects to nothing. Never rejects. */
  enginePlaces(): Promise<readonly string[]>;
  /** Lets go of every host. */
  close(): Promise<void>;
};

const checkTimeoutMs = 5_000;

/** Opens each engine and host of the environment once, when it is first needed. */
export function createConnectionPool(
  environment: Environment,
  opener: HostOpener | null = null,
): ConnectionPool {
  const keepers = new HostKeepers(environment, opener);
  const engines = new EnginePorts(environment, (address, isQuiet) =>
    keepers.to(address).engineHost(isQuiet),
  );
  const { via } = environment;
  const http = (host: Connections['host'], ways: { readonly keeps: boolean }) =>
    via === undefined
      ? createHttpAdapter()
      : createTunnelledHttp((name, port, signal) => host(via).connect(name, port, signal), ways);
  const host: Connections['host'] = (name) => keepers.of(name).port;
  const quiet: Connections['host'] = (name) => keepers.of(name).quiet;
  const opened = openDatabases(environment, opener, host, (name) => engines.calls(name));
  const databases = {
    database: (name: string) => opened.port(name),
    databaseTools: (name: string) => opened.tools(name),
  };
  return {
    connections: {
      docker: (name) => engines.port(name),
      swarm: (name) => engines.swarm(name),
      host,
      http: http(host, { keeps: true }),
      registryLogin,
      ...databases,
    },
    watching: {
      docker: (name) => engines.quietPort(name),
      swarm: (name) => engines.quietSwarm(name),
      host: quiet,
      http: http(quiet, { keeps: false }),
      registryLogin,
      ...databases,
    },
    locks: (name) => keepers.of(name).port,
    keep: (hosts, onLights) => {
      keepers.keep([...new Set([...hosts, ...hostsOfEngines(environment)])], onLights);
    },
    hostLights: () => keepers.lights,
    enginePlaces: () =>
      Promise.all(
        environment.engines.map(async ({ name }) => `${name}: ${await engines.describe(name)}`),
      ),
    check: async (signal) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
      const [ofEngines, ofDatabases] = await Promise.all([
        Promise.all(environment.engines.map((engine) => engineLight(engines, engine, limited))),
        opened.lights(limited),
      ]);
      return [...ofEngines, ...ofDatabases];
    },
    close: async () => {
      await opened.close();
      await keepers.close();
    },
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
    if (address === undefined) {
      throw new AppError('ENVIRONMENT_UNKNOWN', `${environment} has no host called ${name}.`);
    }
    return this.to(address);
  }

  /** Also one that only a Docker context names: there is one connection to it as well. */
  to(address: HostAddress): HostKeeper {
    const { name: environment } = this.#environment;
    const { name } = address;
    if (this.#opener === null) {
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
