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
};

export function placesOf({ name, engines, hosts = [] }: Environment): Places {
  return {
    name,
    engines: engines.map((engine) => engine.name),
    hosts: hosts.map((host) => host.name),
  };
}

type Named = { readonly engines: readonly string[]; readonly hosts: readonly string[] };

/** Why a procedure cannot be carried out in an environment, or null where it can. */
export function refusalOfProcedure(
  procedure: Procedure,
  { name, engines, hosts }: Places,
): string | null {
  const needed = namedBy(procedure);
  const missing = [
    ...needed.engines.filter((one) => !engines.includes(one)).map((one) => `engine “${one}”`),
    ...needed.hosts.filter((one) => !hosts.includes(one)).map((one) => `host “${one}”`),
  ];
  return missing.length === 0
    ? null
    : `${procedure.title}: ${name} has no ${missing.join(' and no ')}.`;
}

/** Every engine and host that the targets and the steps of a procedure name; a `{{variable}}` is not known before the plan. */
export function namedBy({ targets, steps }: Procedure): Named {
  const engines = steps.map((step) => step.with['engine']);
  const hosts = steps.map((step) => step.with['host']);
  const source = 'engine' in targets ? [targets.engine] : [];
  const host = 'host' in targets ? [targets.host] : [];
  return { engines: plainNames([...source, ...engines]), hosts: plainNames([...host, ...hosts]) };
}

function plainNames(values: readonly (Json | undefined)[]): readonly string[] {
  const names = values.filter((value) => typeof value === 'string');
  return [...new Set(names.filter((name) => placeholdersIn(name).length === 0))];
}
