import { z } from 'zod';
import type { Environment } from './environment-schema.js';
import type { Procedure, Runbook } from './schema.js';
import { substitute } from './variables.js';
import type { Scope } from './variables.js';

/** What a registry calls a version; never read as an option, a path or a digest. */
export const RegistryTag = z
  .string()
  .regex(/^\w[\w.-]{0,127}$/, 'a tag: letters, digits, dot, dash, underscore');

export const MOST_TAGS = 20;

/** Where what no engine has yet can be asked for. Nobody is asked before the operator says so. */
export type RegistryPlace = {
  /** The engine that asks, and that is handed the login for it. */
  readonly engine: string;
  /** With the registry's name before it. */
  readonly repository: string;
  /** Those that the runbook names. */
  readonly tags: readonly string[];
};

/** Targets are looked for before one is chosen, so only the environment's own variables are known there. */
export function searchScope(
  { service }: Pick<Runbook, 'service'>,
  { variables }: Pick<Environment, 'variables'>,
): Scope {
  return { container: service.name, registry: '', ...variables };
}

/** Null where the runbook and the environment name no registry. */
export function registryPlaceOf({
  procedure: { targets },
  environment,
  runbook,
}: {
  readonly procedure: Procedure;
  readonly environment: Environment;
  readonly runbook: Runbook;
}): RegistryPlace | null {
  if (targets.kind !== 'docker.images') {
    return null;
  }
  const scope = searchScope(runbook, environment);
  const filled = (value: string): string => z.string().parse(substitute(value, scope));
  const { engine, repository, registry, registryTags } = targets;
  const named = registry === undefined ? '' : filled(registry);
  const whole = named === '' && registryTags !== undefined ? filled(repository) : named;
  const tags = (registryTags ?? []).map(filled);
  return whole === '' ? null : { engine, repository: whole, tags };
}
