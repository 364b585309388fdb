import type { Json } from '../json.js';
import type { Environment } from './environment-schema.js';
import { patternProblem, repeated } from './finding.js';
import type { Finding } from './finding.js';
import type { Procedure, Runbook, RunbookStep } from './schema.js';
import { hasStrayBraces, isVariableName, lookUp, placeholdersIn, scopeFor } from './variables.js';
import type { Scope } from './variables.js';
import { placesOf, refusalOfProcedure } from './offers.js';
import { checkPlaces, checkSource, targetTexts } from './place-checks.js';
import { checkContainers, exampleContainer } from './container-checks.js';
import { searchScope } from './registry-place.js';
import { checkOrder, checkUnits } from './unit-checks.js';

type Path = Finding['path'];

export function checkProcedure(
  runbook: Runbook,
  procedure: Procedure,
  path: Path,
  kinds: readonly string[],
): readonly Finding[] {
  const { steps, estimateSeconds } = procedure;
  const offering = whereOffered(runbook, procedure);
  const stepPath = (index: number, ...rest: Path): Path => [...path, 'steps', index, ...rest];
  return [
    ...repeated(
      steps.map((step) => step.id),
      (index) => stepPath(index, 'id'),
      'the step',
    ),
    ...(estimateSeconds.from > estimateSeconds.to
      ? [{ path: [...path, 'estimateSeconds'], message: '“from” must not be more than “to”' }]
      : []),
    ...checkPlaces(runbook, procedure, path),
    ...checkSource(procedure, [...path, 'targets']),
    ...targetTexts(procedure).flatMap(({ at, text }) =>
      checkText(text, [...path, 'targets', ...at], searchScopes(offering)),
    ),
    ...steps.flatMap((step, index) => [
      ...(kinds.includes(step.kind)
        ? []
        : [{ path: stepPath(index, 'kind'), message: `there is no step kind “${step.kind}”` }]),
      ...checkParams(scopesOf(offering, procedure), step, stepPath(index, 'with')),
    ]),
    ...checkUnits(steps, [...path, 'steps']),
    ...checkOrder(steps, [...path, 'steps']),
    ...checkContainers(procedure, path),
  ];
}

function checkParams(
  scopes: readonly NamedScope[],
  step: RunbookStep,
  path: Path,
): readonly Finding[] {
  const { errorLine } = step.with;
  const message =
    typeof errorLine === 'string' && placeholdersIn(errorLine).length === 0
      ? patternProblem(errorLine)
      : null;
  return [
    ...checkVariables(scopes, step.with, path),
    ...(message === null ? [] : [{ path: [...path, 'errorLine'], message }]),
  ];
}

/** The runbook with the environments only in which the procedure can be carried out: elsewhere its variables do not matter. */
function whereOffered(runbook: Runbook, procedure: Procedure): Runbook {
  const environments = runbook.environments.filter(
    (environment) => refusalOfProcedure(procedure, placesOf(environment)) === null,
  );
  return environments.length === 0 ? runbook : { ...runbook, environments };
}

function checkVariables(
  scopes: readonly NamedScope[],
  value: Json,
  path: Path,
): readonly Finding[] {
  if (typeof value === 'string') {
    return checkText(value, path, scopes);
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => checkVariables(scopes, item, [...path, index]));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) =>
      checkVariables(scopes, item, [...path, key]),
    );
  }
  return [];
}

function checkText(text: string, path: Path, scopes: readonly NamedScope[]): readonly Finding[] {
  if (hasStrayBraces(text)) {
    return [{ path, message: 'a placeholder is not closed: write {{variable}}' }];
  }
  const isWhole = /^\{\{[^{}]*\}\}$/.test(text);
  return placeholdersIn(text).flatMap((name) => {
    if (!isVariableName(name)) {
      return [{ path, message: `“${name}” cannot be the name of a variable` }];
    }
    const problems = scopes.flatMap(
      ({ where, scope }) => variableProblem(name, scope, isWhole, where) ?? [],
    );
    return problems.slice(0, 1).map((message) => ({ path, message }));
  });
}

function variableProblem(
  name: string,
  scope: Scope,
  isWhole: boolean,
  where: string,
): string | null {
  const value = lookUp(name, scope);
  if (value === undefined) {
    return `there is no variable {{${name}}}${where}`;
  }
  const isText = typeof value === 'string' || typeof value === 'number';
  return isWhole || isText
    ? null
    : `{{${name}}} is not a text or a number, so it cannot stand inside a text`;
}

type NamedScope = { readonly where: string; readonly scope: Scope };

/** What each environment would fill in, with a made-up target: only the names count here. */
function scopesOf(runbook: Runbook, procedure: Procedure): readonly NamedScope[] {
  const { service } = runbook;
  const target = { ...EXAMPLE_TARGET, names: [service.name] };
  return perEnvironment(runbook, (environment) => ({
    ...scopeFor({ service, environment, target, from: target, runId: '0' }),
    ...exampleContainer(procedure),
  }));
}

function searchScopes(runbook: Runbook): readonly NamedScope[] {
  return perEnvironment(runbook, (environment) => searchScope(runbook, environment));
}

function perEnvironment(
  { environments }: Runbook,
  scopeIn: (environment: Environment) => Scope,
): readonly NamedScope[] {
  if (environments.length === 0) {
    return [{ where: '', scope: scopeIn(EXAMPLE_ENVIRONMENT) }];
  }
  return environments.map((environment) => ({
    where: ` in the environment “${environment.name}”`,
    scope: scopeIn(environment),
  }));
}

const EXAMPLE_TARGET = {
  id: 'id',
  version: 'version',
  createdAt: null,
  sizeBytes: null,
  digest: null,
  isServing: false,
};
const EXAMPLE_ENVIRONMENT: Environment = {
  name: 'example',
  tier: 'staging',
  url: 'http://localhost',
  engines: [],
  variables: {},
};
