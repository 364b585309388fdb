import type { Json } from '../json.js';
import type { Environment } from './environment-schema.js';
import { patternProblem, repeated } from './finding.js';
import type { Finding } from './finding.js';
import type { Procedure, Runbook, RunbookStep } from './schema.js';
import { hasStrayBraces, isVariableName, lookUp, placeholdersIn, scopeFor } from './variables.js';
import type { Scope } from './variables.js';

type Path = Finding['path'];

/** The order in which a container is exchanged; another order loses the way back or cannot work. */
const EXCHANGE_ORDER = [
  'docker.find-image',
  'docker.create-replacement',
  'docker.stop',
  'docker.swap-names',
  'docker.start',
  'service.wait-healthy',
];

/** From the stop to the start nobody may have to press a key: the service is down in between. */
const CUTOVER = ['docker.stop', 'docker.swap-names', 'docker.start'];

export function checkProcedure(
  runbook: Runbook,
  procedure: Procedure,
  path: Path,
  kinds: readonly string[],
): readonly Finding[] {
  const { steps, estimateSeconds, targets } = procedure;
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
    ...checkEngine(runbook, targets.engine, [...path, 'targets', 'engine']),
    ...(['container', 'repository'] as const).flatMap((key) =>
      checkText(targets[key], [...path, 'targets', key], searchScopes(runbook)),
    ),
    ...steps.flatMap((step, index) => [
      ...(kinds.includes(step.kind)
        ? []
        : [{ path: stepPath(index, 'kind'), message: `there is no step kind “${step.kind}”` }]),
      ...checkParams(runbook, step, stepPath(index, 'with')),
    ]),
    ...checkUnits(steps, stepPath),
    ...checkOrder(steps, stepPath),
  ];
}

function checkParams(runbook: Runbook, step: RunbookStep, path: Path): readonly Finding[] {
  const { engine, errorLine } = step.with;
  const message =
    typeof errorLine === 'string' && placeholdersIn(errorLine).length === 0
      ? patternProblem(errorLine)
      : null;
  return [
    ...checkVariables(runbook, step.with, path),
    ...(typeof engine === 'string' && placeholdersIn(engine).length === 0
      ? checkEngine(runbook, engine, [...path, 'engine'])
      : []),
    ...(message === null ? [] : [{ path: [...path, 'errorLine'], message }]),
  ];
}

function checkEngine({ environments }: Runbook, engine: string, path: Path): readonly Finding[] {
  return environments
    .filter(({ engines }) => !engines.some(({ name }) => name === engine))
    .map(({ name }) => ({ path, message: `the environment “${name}” has no engine “${engine}”` }));
}

function checkVariables(runbook: Runbook, value: Json, path: Path): readonly Finding[] {
  if (typeof value === 'string') {
    return checkText(value, path, scopesOf(runbook));
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => checkVariables(runbook, item, [...path, index]));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) =>
      checkVariables(runbook, item, [...path, key]),
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
    const message = scopes
      .map(({ where, scope }) => variableProblem(name, scope, isWhole, where))
      .find((problem) => problem !== null);
    return message === undefined || message === null ? [] : [{ path, message }];
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
function scopesOf(runbook: Runbook): readonly NamedScope[] {
  const { service } = runbook;
  const target = { ...EXAMPLE_TARGET, names: [service.name] };
  return perEnvironment(runbook, (environment) =>
    scopeFor({ service, environment, target, from: target, runId: '0' }),
  );
}

/** Targets are looked for before one is chosen, so only the environment's own variables are known there. */
function searchScopes(runbook: Runbook): readonly NamedScope[] {
  return perEnvironment(runbook, ({ variables }) => ({
    container: runbook.service.name,
    ...variables,
  }));
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

function checkUnits(
  steps: readonly RunbookStep[],
  stepPath: (index: number, ...rest: Path) => Path,
): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  steps.forEach((step, index) => {
    const unit = step.unit ?? step.id;
    const before = steps[index - 1];
    const isSameAsBefore = before !== undefined && (before.unit ?? before.id) === unit;
    const path = step.unit === undefined ? stepPath(index, 'id') : stepPath(index, 'unit');
    if (!isSameAsBefore && seen.has(unit)) {
      findings.push({ path, message: `the steps of the unit “${unit}” must stand together` });
    }
    if (isSameAsBefore && (step.stage ?? 'execute') !== (before.stage ?? 'execute')) {
      findings.push({ path, message: `the unit “${unit}” mixes executing and verifying steps` });
    }
    if ((step.stage ?? 'execute') === 'execute' && before?.stage === 'verify') {
      findings.push({
        path: stepPath(index, 'id'),
        message: 'this step executes after a step that verifies: verifying comes last',
      });
    }
    seen.add(unit);
  });
  return findings;
}

function checkOrder(
  steps: readonly RunbookStep[],
  stepPath: (index: number, ...rest: Path) => Path,
): readonly Finding[] {
  const findings: Finding[] = [];
  const indexOf = (kind: string): number => steps.findIndex((step) => step.kind === kind);
  const present = EXCHANGE_ORDER.filter((kind) => indexOf(kind) !== -1);
  present.forEach((kind, position) => {
    const later = present[position + 1];
    if (later !== undefined && indexOf(later) < indexOf(kind)) {
      findings.push({
        path: stepPath(indexOf(later), 'kind'),
        message: `${later} must come after ${kind}`,
      });
    }
  });
  const cutover = CUTOVER.map(indexOf).filter((index) => index !== -1);
  const first = steps[cutover[0] ?? -1];
  for (const index of cutover.slice(1)) {
    const step = steps[index];
    if (
      first !== undefined &&
      step !== undefined &&
      (step.unit ?? step.id) !== (first.unit ?? first.id)
    ) {
      findings.push({
        path: stepPath(index, step.unit === undefined ? 'id' : 'unit'),
        message: `must be in one unit with “${first.id}”: nobody may have to wait while the service is down`,
      });
    }
  }
  return findings;
}
