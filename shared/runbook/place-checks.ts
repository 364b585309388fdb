import { sourceNames } from './offers.js';
import { placeholdersIn } from './variables.js';
import { patternProblem } from './finding.js';
import type { Finding } from './finding.js';
import type { Procedure, Runbook } from './schema.js';

type Path = Finding['path'];
type Place = 'engine' | 'host' | 'database';
const kinds = ['engine', 'host', 'database'] as const;

/** Names of engines and hosts that lead nowhere in any environment. Where only some lack them, the procedure is not offered there. */
export function checkPlaces(
  runbook: Runbook,
  procedure: Procedure,
  path: Path,
): readonly Finding[] {
  const { targets, steps } = procedure;
  const target = kinds.flatMap((place) =>
    sourceNames(targets, place).flatMap((name) => {
      const at = Reflect.get(targets, place) === name ? [place] : ['service', place];
      return checkPlace(runbook, place, name, [...path, 'targets', ...at]);
    }),
  );
  const named = steps.flatMap((step, index) =>
    kinds.flatMap((place) => {
      const name = step.with[place];
      return typeof name === 'string' && placeholdersIn(name).length === 0
        ? checkPlace(runbook, place, name, [...path, 'steps', index, 'with', place])
        : [];
    }),
  );
  return [...target, ...named];
}

function checkPlace(
  { environments }: Runbook,
  place: Place,
  name: string,
  path: Path,
): readonly Finding[] {
  const isKnown = environments.some(({ engines, hosts = [], databases = [] }) =>
    (place === 'engine' ? engines : place === 'host' ? hosts : databases).some(
      (one) => one.name === name,
    ),
  );
  const [only, second] = environments;
  if (only === undefined || isKnown) {
    return [];
  }
  const who = second === undefined ? `the environment “${only.name}” has no` : 'no environment has';
  return [{ path, message: `${who} ${place} “${name}”` }];
}

/** The texts of a target source that may hold `{{variables}}`, with where they stand below `targets`. */
export function targetTexts({ targets }: Procedure): readonly { at: Path; text: string }[] {
  const texts = (values: object, above: Path): { at: Path; text: string }[] =>
    Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
      if (typeof value === 'string') {
        return NO_TEXT.includes(key) ? [] : [{ at: [...above, key], text: value }];
      }
      return (key === 'service' || key === 'containers') &&
        typeof value === 'object' &&
        value !== null
        ? texts(value, [...above, key])
        : [];
    });
  return texts(targets, []);
}

/** Names and patterns are taken as they stand. */
const NO_TEXT = ['engine', 'host', 'database', 'history', 'historyColumn', 'pattern', 'kind'];

/** What is wrong with a target source beside its names: patterns, and paths that say nothing on a host. */
export function checkSource({ targets }: Procedure, path: Path): readonly Finding[] {
  if ('engine' in targets) {
    return [];
  }
  if (targets.kind === 'postgres.backups' || targets.kind === 'postgres.migrations') {
    return absolute(targets.folder, [...path, 'folder']);
  }
  const folders: readonly (readonly [string, string])[] =
    targets.kind === 'host.releases'
      ? [
          ['folder', targets.folder],
          ['current', targets.current],
        ]
      : [['repository', targets.repository]];
  return [
    ...folders.flatMap(([key, value]) => absolute(value, [...path, key])),
    ...(targets.kind === 'host.releases' ? checkReleases(targets, path) : []),
  ];
}

function checkReleases(
  { pattern, complete = [] }: Extract<Procedure['targets'], { kind: 'host.releases' }>,
  path: Path,
): readonly Finding[] {
  const problem = pattern === undefined ? null : patternProblem(pattern);
  return [
    ...(problem === null ? [] : [{ path: [...path, 'pattern'], message: problem }]),
    ...complete.flatMap((inside, index) =>
      inside.startsWith('/') || inside.split('/').includes('..')
        ? [{ path: [...path, 'complete', index], message: 'write a path inside the release' }]
        : [],
    ),
  ];
}

/** A path that begins with a variable is looked at once that has a value. */
function absolute(value: string, path: Path): readonly Finding[] {
  return value.startsWith('/') || value.startsWith('{{')
    ? []
    : [{ path, message: 'write the whole path, from / on' }];
}
