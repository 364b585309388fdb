import type { Json } from '../json.js';
import type { Environment } from '../runbook/environment-schema.js';
import type { RunbookStep } from '../runbook/schema.js';

/** They take every schema of a database, a platform's own too, unless they are told which. */
const takesAll: ReadonlySet<string> = new Set([
  'postgres.backup',
  'postgres.restore',
  'postgres.check-backup',
]);

type JsonObject = { readonly [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Whether a step would take all schemas, because nobody told it which. */
export function namesNoSchemas(kind: string, params: Json): params is JsonObject {
  if (!takesAll.has(kind) || !isObject(params) || params['schemas'] !== undefined) {
    return false;
  }
  // A check sees what its restore will take: beside that is the whole database, and chosen tables are named one by one.
  const use = params['for'];
  return kind !== 'postgres.check-backup' || (isObject(use) && use['what'] === 'restore');
}

/** With the application's schemas, as the environment names them, where the step itself names none. */
export function withSchemas(kind: string, params: Json, { databases = [] }: Environment): Json {
  if (!namesNoSchemas(kind, params)) {
    return params;
  }
  const { schemas = [] } = databases.find(({ name }) => name === params['database']) ?? {};
  return schemas.length === 0 ? params : { ...params, schemas };
}

export type ChosenSchemas = {
  /** Those that the procedure restores in place. Null: all, or it restores nothing in place. */
  readonly restored: readonly string[] | null;
  /** The titles of the steps that would take all. */
  readonly unnamed: readonly string[];
};

/** What is known of a procedure's schemas before a target is chosen. */
export function chosenSchemas(
  steps: readonly RunbookStep[],
  database: string,
  environment: Environment,
): ChosenSchemas {
  const own = steps
    .filter((step) => step.with['database'] === database)
    .map(({ kind, title, with: raw }) => ({
      kind,
      title,
      params: withSchemas(kind, raw, environment),
    }));
  const restore = own.find(({ kind }) => kind === 'postgres.restore')?.params;
  const named = isObject(restore) ? restore['schemas'] : undefined;
  return {
    restored: Array.isArray(named) ? named.filter((one) => typeof one === 'string') : null,
    unnamed: own
      .filter(({ kind, params }) => namesNoSchemas(kind, params))
      .map(({ title }) => title),
  };
}
