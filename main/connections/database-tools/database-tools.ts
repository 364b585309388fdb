import { AppError } from '../../../shared/errors/app-error.js';
import { readReaches } from '../../../shared/runbook/database-checks.js';
import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import type {
  DatabaseAddress,
  DatabaseToolPlace,
} from '../../../shared/runbook/environment-schema.js';
import type { DatabasePasswords } from '../database/passwords.js';
import { shownAddress } from '../database/shown-address.js';
import type { DatabaseInfo, DatabasePort, DatabaseTools, ToolPlace } from '../database-types.js';
import type { HostPort } from '../ports.js';
import { lookAtPlace } from './look-at-place.js';
import type { Candidate } from './look-at-place.js';
import { openLocalForward } from './local-forward.js';
import type { LocalForward } from './local-forward.js';

export type ToolHosts = {
  readonly host: (name: string) => HostPort;
  readonly container: (container: string, engine: string) => HostPort;
  readonly local: () => HostPort;
};

export type DatabaseToolsOptions = {
  readonly address: DatabaseAddress;
  readonly place: DatabasePlace;
  readonly database: DatabasePort;
  readonly passwords: DatabasePasswords;
  readonly hosts: ToolHosts;
};

export type OpenDatabaseTools = DatabaseTools & { close(): Promise<void> };

export function createDatabaseTools(options: DatabaseToolsOptions): OpenDatabaseTools {
  return new Tools(options);
}

class Tools implements OpenDatabaseTools {
  readonly #options: DatabaseToolsOptions;
  #chosen: ToolPlace | null = null;
  #forward: LocalForward | null = null;

  constructor(options: DatabaseToolsOptions) {
    this.#options = options;
  }

  async place(signal: AbortSignal): Promise<ToolPlace> {
    this.#chosen ??= await this.#choose(signal);
    return this.#chosen;
  }

  async close(): Promise<void> {
    await this.#forward?.close();
    this.#forward = null;
  }

  /** The first place that fits; why each one before did not is said. */
  async #choose(signal: AbortSignal): Promise<ToolPlace> {
    const { address, database } = this.#options;
    const info = await database.mustBeDirect(signal);
    const refusals: { readonly isTooOld: boolean; readonly text: string }[] = [];
    for (const named of toolPlacesOf(address)) {
      const looked = await this.#look(named, info, signal);
      if ('place' in looked) {
        const before = refusals.map(({ text }) => `${text}.`);
        return { ...looked.place, reason: [looked.place.reason, ...before].join(' ') };
      }
      refusals.push(looked);
    }
    const isTooOld = refusals.some((one) => one.isTooOld);
    throw new AppError(
      isTooOld ? 'DATABASE_TOOLS_TOO_OLD' : 'DATABASE_TOOLS_MISSING',
      `For ${address.name} (server ${info.serverVersionText}): ${refusals.map(({ text }) => text).join('; ')}.`,
    );
  }

  async #look(named: DatabaseToolPlace, info: DatabaseInfo, signal: AbortSignal) {
    const { address, place, passwords } = this.#options;
    try {
      const candidate = await this.#candidate(named);
      const of = {
        database: address.name,
        secret: address.secret ?? address.name,
        user: place.user,
        address: shownAddress(address, place),
      };
      return await lookAtPlace(
        {
          candidate,
          place,
          ca: address.tls?.ca,
          info,
          password: (stop) => passwords.get(of, stop),
        },
        signal,
      );
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code !== 'STEP_STOPPED') {
        return { isTooOld: false, text: `${nameOf(named)}: ${thrown.message.replace(/\.$/, '')}` };
      }
      throw thrown;
    }
  }

  async #candidate(named: DatabaseToolPlace): Promise<Candidate> {
    const { hosts, place, address } = this.#options;
    const name = nameOf(named);
    if ('host' in named) {
      const as = named.user === undefined ? 'login' : { user: named.user };
      const dials = reachedAt(named.reaches);
      return { kind: 'host', name, as, dials, survivesLaptop: true, host: hosts.host(named.host) };
    }
    if ('container' in named) {
      const host = hosts.container(named.container, named.engine);
      const dials = reachedAt(named.reaches);
      return { kind: 'container', name, as: 'login', dials, survivesLaptop: true, host };
    }
    const { via } = address;
    if (via !== undefined) {
      this.#forward ??= await openLocalForward((signal) =>
        hosts.host(via).connect(place.host, place.port, signal),
      );
    }
    const dials = this.#forward === null ? null : { host: '127.0.0.1', port: this.#forward.port };
    return { kind: 'local', name, as: 'login', dials, survivesLaptop: false, host: hosts.local() };
  }
}

/** Where nothing is named: the host that leads to the database, then this laptop. */
function toolPlacesOf({ tools, via }: DatabaseAddress): readonly DatabaseToolPlace[] {
  if (tools !== undefined) {
    return tools;
  }
  return [...(via === undefined ? [] : [{ host: via }]), { local: true }];
}

function nameOf(named: DatabaseToolPlace): string {
  if ('host' in named) {
    return named.host;
  }
  return 'container' in named ? `${named.container} on ${named.engine}` : 'this laptop';
}

function reachedAt(reaches: string | undefined): Candidate['dials'] {
  const parts = reaches === undefined ? null : readReaches(reaches);
  if (reaches !== undefined && parts === null) {
    throw new AppError('DATABASE_ADDRESS_INVALID', `“${reaches}” is not host:port.`);
  }
  return parts;
}
