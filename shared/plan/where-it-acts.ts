import type { Json } from '../json.js';
import type { DatabaseAddress, Environment } from '../runbook/environment-schema.js';

/** Where a step acts, in words, from what it is given. */
export function whereItActs(params: Json, environment: Environment): string {
  if (params !== null && typeof params === 'object' && !Array.isArray(params)) {
    const { engine, host, url, database } = params;
    if (typeof host === 'string') {
      return host;
    }
    if (typeof engine === 'string') {
      return `${engine} on ${environment.name}`;
    }
    if (typeof url === 'string') {
      return environment.via === undefined ? url : `${url} via ${environment.via}`;
    }
    if (typeof database === 'string') {
      return databaseText(database, environment);
    }
  }
  return environment.name;
}

/** What runs on this laptop ends with it, which is said before it is approved. */
function databaseText(name: string, { databases = [] }: Environment): string {
  const address = databases.find((one) => one.name === name);
  return address === undefined ? name : `${name}, programs on ${placesOf(address).join(' or ')}`;
}

function placesOf({ tools, via }: DatabaseAddress): readonly string[] {
  const usual =
    via === undefined ? [{ local: true } as const] : [{ host: via }, { local: true } as const];
  return (tools ?? usual).map((place) => {
    if ('host' in place) {
      return place.host;
    }
    return 'container' in place ? `container ${place.container}` : 'this laptop (ends with it)';
  });
}
