import type { Json } from '../json.js';
import type { Environment } from './environment-schema.js';
import type { Procedure } from './schema.js';
import { placeholdersIn } from './variables.js';

/** The names of what an environment holds, wherever that comes from. */
export type Places = {
  /** As the operator knows it: `production`. */
  readonly name: string;
  readonly engines: readonly string[];
  readonly hosts: readonly string[];
  readonly databases?: readonly string[];
};

export function placesOf({ name, engines, hosts = [], databases = [] }: Environment): Places {
  return {
    name,
    engines: engines.map((engine) => engine.name),
    hosts: hosts.map((host) => host.name),
    databases: databases.map((database) => database.name),
  };
}

type Named = Required<Omit<Places, 'name'>>;

/** Why a procedure cannot be carried out in an environment, or null where it can. */
export function refusalOfProcedure(
  procedure: Procedure,
  { name, engines, hosts, databases = [] }: Places,
): string | null {
  const needed = namedBy(procedure);
  const missing = [
    ...needed.engines.filter((one) => !engines.includes(one)).map((one) => `engine “${one}”`),
    ...needed.hosts.filter((one) => !hosts.includes(one)).map((one) => `host “${one}”`),
    ...needed.databases.filter((one) => !databases.includes(one)).map((one) => `database “${one}”`),
  ];
  return missing.length === 0
    ? null
    : `${procedure.title}: ${name} has no ${missing.join(' and no ')}.`;
}

/** Every engine, host and database that the targets and the steps of a procedure name; a `{{variable}}` is not known before the plan. */
export function namedBy({ targets, steps }: Procedure): Named {
  const from = (key: 'engine' | 'host' | 'database') =>
    plainNames([...sourceNames(targets, key), ...steps.map((step) => step.with[key])]);
  return { engines: from('engine'), hosts: from('host'), databases: from('database') };
}

/** What a target source names itself and where it says the service lives. */
export function sourceNames(
  targets: Procedure['targets'],
  key: 'engine' | 'host' | 'database',
): readonly string[] {
  // Of a swarm it is a plain name; the place of a process names where that is.
  const service =
    'service' in targets && typeof targets.service === 'object' ? targets.service : {};
  return [targets, service].flatMap((one) => {
    const value: unknown = Reflect.get(one, key);
    return typeof value === 'string' ? [value] : [];
  });
}

function plainNames(values: readonly (Json | undefined)[]): readonly string[] {
  const names = values.filter((value) => typeof value === 'string');
  return [...new Set(names.filter((name) => placeholdersIn(name).length === 0))];
}
