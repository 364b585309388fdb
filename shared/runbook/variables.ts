import { AppError } from '../errors/app-error.js';
import type { Json } from '../json.js';
import type { Target } from '../plan/target.js';
import type { Environment } from './environment-schema.js';
import type { Service } from './schema.js';

/** Everything `{{name}}` may stand for; dotted names go into objects. */
export type Scope = Readonly<Record<string, Json>>;

export type ScopeSource = {
  readonly service: Service;
  readonly environment: Environment;
  readonly target: Target;
  /** What serves now; null when nothing was found, and then `from.*` is unknown. */
  readonly from: Target | null;
  readonly runId: string;
};

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const NAME = /^[a-zA-Z][a-zA-Z0-9]*(\.[a-zA-Z][a-zA-Z0-9_-]*)*$/;

/** Enough of a run id to tell its containers apart and to be read aloud. */
export function shortRunId(runId: string): string {
  return runId.replaceAll('-', '').slice(0, 8);
}

export function scopeFor({ service, environment, target, from, runId }: ScopeSource): Scope {
  return {
    container: service.name,
    ...environment.variables,
    url: environment.url,
    // z.json() values and plain text only, so the schema's type is JSON already.
    service: withoutUndefined(service),
    environment: { name: environment.name, tier: environment.tier },
    target: versionScope(target),
    ...(from === null ? {} : { from: versionScope(from) }),
    run: { id: runId, short: shortRunId(runId) },
  };
}

/**
 * Fills every `{{name}}` in strings at any depth. A string that is nothing but one placeholder takes the
 * variable's own type. Throws RUNBOOK_VARIABLE_UNKNOWN naming the variable.
 */
export function substitute(value: Json, scope: Scope): Json {
  if (typeof value === 'string') {
    return substituteText(value, scope);
  }
  if (Array.isArray(value)) {
    return value.map((item) => substitute(item, scope));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, substitute(item, scope)]),
    );
  }
  return value;
}

/** The names in a text, in order, malformed ones as they stand. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => (match[1] ?? '').trim());
}

/** Whether a value names a variable, at any depth. */
export function mentions(value: Json, variable: string): boolean {
  return placeholdersIn(JSON.stringify(value)).includes(variable);
}

/** Braces that look like a placeholder but would be left standing in the text. */
export function hasStrayBraces(text: string): boolean {
  return /\{\{|\}\}/.test(text.replaceAll(PLACEHOLDER, ''));
}

export function isVariableName(name: string): boolean {
  return NAME.test(name);
}

/** Undefined when there is nothing of that name. */
export function lookUp(name: string, scope: Scope): Json | undefined {
  let value: Json = { ...scope };
  for (const part of name.split('.')) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return undefined;
    }
    const next: Json | undefined = Object.hasOwn(value, part) ? value[part] : undefined;
    if (next === undefined) {
      return undefined;
    }
    value = next;
  }
  return value;
}

function substituteText(text: string, scope: Scope): Json {
  if (hasStrayBraces(text)) {
    throw new AppError(
      'RUNBOOK_VARIABLE_UNKNOWN',
      `“${text}” holds a placeholder that is not closed.`,
    );
  }
  const whole = /^\{\{([^{}]*)\}\}$/.exec(text);
  if (whole !== null) {
    return known((whole[1] ?? '').trim(), scope);
  }
  return text.replaceAll(PLACEHOLDER, (_whole, inner: string) => {
    const name = inner.trim();
    const value = known(name, scope);
    if (typeof value === 'string' || typeof value === 'number') {
      return String(value);
    }
    throw new AppError(
      'RUNBOOK_VARIABLE_UNKNOWN',
      `{{${name}}} is not a text or a number, so it cannot stand inside “${text}”.`,
    );
  });
}

function known(name: string, scope: Scope): Json {
  const value = lookUp(name, scope);
  if (value === undefined) {
    throw new AppError('RUNBOOK_VARIABLE_UNKNOWN', `There is no variable {{${name}}}.`);
  }
  return value;
}

function versionScope(target: Target): Json {
  return { id: target.id, name: targetName(target), version: target.version };
}

/** The name that says the version beats one that may have moved, such as `latest`. */
function targetName(target: Target): string {
  const exact = target.names.find((name) => name.endsWith(`:${target.version}`));
  return exact ?? target.names[0] ?? target.id;
}

function withoutUndefined({ trigger, ...service }: Service): Json {
  return trigger === undefined ? service : { ...service, trigger };
}
