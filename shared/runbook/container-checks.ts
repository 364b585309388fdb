import type { Finding } from './finding.js';
import type { Procedure, RunbookStep } from './schema.js';
import { STOPS_THE_SERVICE } from './unit-checks.js';
import { mentions } from './variables.js';
import type { Scope } from './variables.js';

type Path = Finding['path'];

const FIND = 'docker.find-containers';
const CREATE = 'docker.create-replacement';
const CHECK = 'docker.check-containers';

/** What the steps of a procedure that goes container by container may say beside the rest. */
export function exampleContainer({ targets }: Procedure): Scope {
  return 'containers' in targets && targets.containers !== undefined
    ? { containers: [], containerPort: 1 }
    : {};
}

/** A procedure for several containers must look for them, mean each in turn and see at the end that none was left out. */
export function checkContainers({ targets, steps }: Procedure, path: Path): readonly Finding[] {
  if (!('containers' in targets) || targets.containers === undefined) {
    return [];
  }
  const atSteps = [...path, 'steps'];
  const find = steps.find(({ kind }) => kind === FIND);
  const create = steps.find(({ kind }) => kind === CREATE);
  return [
    ...say(
      targets.label !== undefined,
      [...path, 'targets', 'label'],
      'the label stands under “containers” already: leave this one out',
    ),
    ...say(
      find === undefined,
      atSteps,
      `several containers are looked at once more before anything is changed: add a step ${FIND}`,
    ),
    ...say(
      find !== undefined &&
        create !== undefined &&
        (unitOf(find) !== unitOf(create) || steps.indexOf(find) > steps.indexOf(create)),
      [...atSteps, steps.findIndex((step) => step === find), 'id'],
      `must stand before “${create?.id ?? ''}” and in one unit with it: nothing may come or go in between`,
    ),
    ...say(
      !steps.some(({ kind, stage }) => kind === CHECK && stage === 'verify'),
      atSteps,
      `whether all of them serve the target is seen at the end: add a verifying step ${CHECK}`,
    ),
    ...steps.flatMap((step, index) => checkStep(step, [...atSteps, index, 'with'])),
  ];
}

function checkStep(step: RunbookStep, path: Path): readonly Finding[] {
  const { kind, with: params } = step;
  const isExchange = kind === CREATE || STOPS_THE_SERVICE.includes(kind);
  const mine = ['keepAs', 'replacement'].filter((key) => params[key] !== undefined);
  return [
    ...say(
      isExchange && params['container'] !== '{{container}}',
      [...path, 'container'],
      'write {{container}}: each container of the service in turn',
    ),
    ...mine.flatMap((key) =>
      say(
        !mentions(params[key] ?? null, 'container'),
        [...path, key],
        'must hold {{container}}: two containers cannot have one name',
      ),
    ),
    ...say(
      kind === 'service.trigger' &&
        mentions(params, 'container') &&
        !mentions(params['url'] ?? null, 'containerPort'),
      [...path, 'url'],
      'must hold {{containerPort}}: at a common address another container would do the work',
    ),
  ];
}

function unitOf({ unit, id }: RunbookStep): string {
  return unit ?? id;
}

function say(isWrong: boolean, path: Path, message: string): readonly Finding[] {
  return isWrong ? [{ path, message }] : [];
}
