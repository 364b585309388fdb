import { readDatabaseAddress } from './database-address.js';
import type { DatabaseAddress, DatabaseToolPlace, Environment } from './environment-schema.js';
import { repeated } from './finding.js';
import type { Finding } from './finding.js';

type Path = Finding['path'];

/** Addresses that cannot be read, and ways and places of programs that lead nowhere in this environment. */
export function checkDatabases(environment: Environment, path: Path): readonly Finding[] {
  const { databases = [] } = environment;
  return [
    ...repeated(
      databases.map((database) => database.name),
      (index) => [...path, 'databases', index, 'name'],
      'the database',
    ),
    ...databases.flatMap((database, index) =>
      checkDatabase(environment, database, [...path, 'databases', index]),
    ),
  ];
}

function checkDatabase(
  environment: Environment,
  database: DatabaseAddress,
  path: Path,
): readonly Finding[] {
  const { via, tools = [] } = database;
  return [
    ...checkAddress(database, path),
    ...(via === undefined ? [] : checkHost(environment, via, [...path, 'via'])),
    ...tools.flatMap((place, index) => checkTools(environment, place, [...path, 'tools', index])),
  ];
}

function checkAddress(database: DatabaseAddress, path: Path): readonly Finding[] {
  const read = readDatabaseAddress(database);
  if (!('problem' in read)) {
    return [];
  }
  const at = (['url', 'host'] as const).find((field) => database[field] !== undefined) ?? 'name';
  return [{ path: [...path, at], message: read.problem.text }];
}

function checkTools(
  environment: Environment,
  place: DatabaseToolPlace,
  path: Path,
): readonly Finding[] {
  if ('local' in place) {
    return [];
  }
  return [
    ...('host' in place
      ? checkHost(environment, place.host, [...path, 'host'])
      : checkEngine(environment, place.engine, [...path, 'engine'])),
    ...(place.reaches === undefined || readReaches(place.reaches) !== null
      ? []
      : [{ path: [...path, 'reaches'], message: 'write host:port, as seen from there' }]),
  ];
}

function checkHost({ hosts = [] }: Environment, name: string, path: Path): readonly Finding[] {
  return hosts.some((host) => host.name === name)
    ? []
    : [{ path, message: `there is no host “${name}” here; hosts are listed under “hosts”` }];
}

function checkEngine({ engines }: Environment, name: string, path: Path): readonly Finding[] {
  return engines.some((engine) => engine.name === name)
    ? []
    : [{ path, message: `there is no engine “${name}” here; engines are listed under “engines”` }];
}

/** Null where it is not `host:port`. */
export function readReaches(text: string): { readonly host: string; readonly port: number } | null {
  const [, host = '', port = ''] = /^\[?([^\s[\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  return host === '' || number < 1 || number > 65_535 ? null : { host, port: number };
}
