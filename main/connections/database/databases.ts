import { AppError } from '../../../shared/errors/app-error.js';
import { readDatabaseAddress } from '../../../shared/runbook/database-address.js';
import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import type { DatabaseAddress, Environment } from '../../../shared/runbook/environment-schema.js';
import type { Light } from '../../../shared/ipc/views.js';
import type { DatabasePort } from '../database-types.js';
import type { HostPort } from '../ports.js';
import { createDatabaseAdapter } from './database-adapter.js';
import { databaseLight } from './database-light.js';
import { dialDirectly } from './dial.js';
import type { DatabasePasswords } from './passwords.js';
import { shownAddress } from './shown-address.js';
import { createDatabaseTools } from '../database-tools/database-tools.js';
import type { OpenDatabaseTools, ToolHosts } from '../database-tools/database-tools.js';

export type DatabasesOptions = {
  readonly environment: Environment;
  readonly passwords: DatabasePasswords;
  readonly host: (name: string) => HostPort;
  readonly toolHosts: Omit<ToolHosts, 'host'> & {
    /** Lets go of every place that was opened. */
    readonly close: () => Promise<void>;
  };
};

/** The databases of an environment, each opened once, when it is first used. */
export class Databases {
  readonly #options: DatabasesOptions;
  readonly #ports = new Map<string, DatabasePort>();
  readonly #tools = new Map<string, OpenDatabaseTools>();

  constructor(options: DatabasesOptions) {
    this.#options = options;
  }

  port(name: string): DatabasePort {
    const port = this.#ports.get(name) ?? this.#open(this.#address(name));
    this.#ports.set(name, port);
    return port;
  }

  tools(name: string): OpenDatabaseTools {
    const { passwords, host, toolHosts } = this.#options;
    const address = this.#address(name);
    const tools =
      this.#tools.get(name) ??
      createDatabaseTools({
        address,
        place: placeOf(address),
        database: this.port(name),
        passwords,
        hosts: { ...toolHosts, host },
      });
    this.#tools.set(name, tools);
    return tools;
  }

  /** Never asks the operator: a database is looked at once it has been connected to for the run. */
  lights(signal: AbortSignal): Promise<readonly Light[]> {
    const { databases = [] } = this.#options.environment;
    return Promise.all(
      databases.map(({ name, secret = name }) => {
        const port = this.#ports.get(name);
        const isReady = port !== undefined && this.#options.passwords.isReady(secret);
        return databaseLight(name, isReady ? port : null, signal);
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ports.values()].map((port) => port.close()));
    await Promise.all([...this.#tools.values()].map((tools) => tools.close()));
    await this.#options.toolHosts.close();
  }

  #address(name: string): DatabaseAddress {
    const { databases = [], name: environment } = this.#options.environment;
    const found = databases.find((one) => one.name === name);
    if (found === undefined) {
      throw new AppError('ENVIRONMENT_UNKNOWN', `${environment} has no database called ${name}.`);
    }
    return found;
  }

  #open(address: DatabaseAddress): DatabasePort {
    const { passwords, host } = this.#options;
    const { name, via, tls, secret = name, schemas } = address;
    const place = placeOf(address);
    return createDatabaseAdapter({
      name,
      place,
      ca: tls?.ca,
      secret,
      address: shownAddress(address, place),
      dial:
        via === undefined
          ? dialDirectly
          : (to, port, signal) => host(via).connect(to, port, signal),
      passwords,
      schemas,
    });
  }
}

/** DATABASE_IS_API_URL and DATABASE_ADDRESS_INVALID, before anything is connected to. */
export function placeOf(address: DatabaseAddress): DatabasePlace {
  const read = readDatabaseAddress(address);
  if ('problem' in read) {
    const { code, text } = read.problem;
    throw new AppError(code, `The database ${address.name}: ${text}`);
  }
  return read.place;
}
