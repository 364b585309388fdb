import type { Finding } from './finding.js';
import type { RunbookStep } from './schema.js';

type Path = Finding['path'];

/** The order in which a container is exchanged; another order loses the way back or cannot work. */
const EXCHANGE_ORDER = [
  'docker.pull',
  'docker.find-image',
  'docker.create-replacement',
  'docker.stop',
  'docker.swap-names',
  'docker.start',
  'service.wait-healthy',
];

/** From the stop to the start nobody may have to press a key: the service is down in between. */
export const STOPS_THE_SERVICE = ['docker.stop', 'docker.swap-names', 'docker.start'];

/** Units stand together and do one thing; verifying comes last. `path` is that of the steps. */
export function checkUnits(steps: readonly RunbookStep[], path: Path): readonly Finding[] {
  return steps.flatMap((step, index) => {
    const before = steps[index - 1];
    const isSameUnit = before !== undefined && unitOf(before) === unitOf(step);
    const isBack = !isSameUnit && steps.slice(0, index).some((one) => unitOf(one) === unitOf(step));
    const isMixed = isSameUnit && stageOf(before) !== stageOf(step);
    const isLate =
      before !== undefined && stageOf(before) === 'verify' && stageOf(step) === 'execute';
    const unit = `the unit “${unitOf(step)}”`;
    return [
      ...say(isBack, unitPath(path, step, index), `the steps of ${unit} must stand together`),
      ...say(isMixed, unitPath(path, step, index), `${unit} mixes executing and verifying steps`),
      ...say(
        isLate,
        [...path, index, 'id'],
        'this step executes after a step that verifies: verifying comes last',
      ),
    ];
  });
}

export function checkOrder(steps: readonly RunbookStep[], path: Path): readonly Finding[] {
  const indexOf = (kind: string): number => steps.findIndex((step) => step.kind === kind);
  const present = EXCHANGE_ORDER.filter((kind) => indexOf(kind) !== -1);
  const inDisorder = present.flatMap((kind, position) => {
    const before = present[position - 1];
    return say(
      before !== undefined && indexOf(kind) < indexOf(before),
      [...path, indexOf(kind), 'kind'],
      `${kind} must come after ${before ?? ''}`,
    );
  });
  const [first, ...rest] = steps.filter(({ kind }) => STOPS_THE_SERVICE.includes(kind));
  const apart = rest.flatMap((step) =>
    say(
      first !== undefined &&
        unitOf(step) !== unitOf(first) &&
        phaseOf(steps, step) === phaseOf(steps, first),
      unitPath(path, step, steps.indexOf(step)),
      `must be in one unit with “${first?.id ?? ''}”: nobody may have to wait while the service is down`,
    ),
  );
  return [...inDisorder, ...apart];
}

/** Between phases something else is done on purpose, and people may decide on it. */
function phaseOf(steps: readonly RunbookStep[], step: RunbookStep): string | undefined {
  return steps.slice(0, steps.indexOf(step) + 1).findLast(({ phase }) => phase !== undefined)
    ?.phase;
}

function unitOf({ unit, id }: RunbookStep): string {
  return unit ?? id;
}

function stageOf({ stage }: RunbookStep): 'execute' | 'verify' {
  return stage ?? 'execute';
}

function unitPath(path: Path, { unit }: RunbookStep, index: number): Path {
  return [...path, index, unit === undefined ? 'id' : 'unit'];
}

function say(isWrong: boolean, path: Path, message: string): readonly Finding[] {
  return isWrong ? [{ path, message }] : [];
}
