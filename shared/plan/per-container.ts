import { AppError } from '../errors/app-error.js';
import { StepId } from './planned-step.js';
import type { PlannedStep } from './planned-step.js';
import { STOPS_THE_SERVICE } from '../runbook/unit-checks.js';
import type { RunbookStep } from '../runbook/schema.js';
import { mentions } from '../runbook/variables.js';
import type { Scope } from '../runbook/variables.js';

/** One of a service's containers, as it was found when the plan was made. */
export type ServiceContainer = {
  readonly id: string;
  readonly name: string;
  /** Where the machine publishes the service's port for this one; null where it does not, or by chance. */
  readonly port: number | null;
};

export type ContainerStep = {
  readonly step: RunbookStep;
  /** Null where the step is about none or where the service is not planned container by container. */
  readonly container: ServiceContainer | null;
};

const ID_LENGTH = 40;

/**
 * What names `{{container}}` is done for each. A unit that stops the service is repeated as a whole, each time a unit of
 * its own, so that one container serves again before the next is stopped; any other step is repeated in its place and
 * approved with its likes. With one container everything stays as it is written.
 */
export function perContainer(
  steps: readonly RunbookStep[],
  containers: readonly ServiceContainer[],
): readonly ContainerStep[] {
  const [first = null, second] = containers;
  if (second === undefined) {
    return steps.map((step) => ({ step, container: isOfContainer(step) ? first : null }));
  }
  const names = new Names(steps);
  return unitsOf(steps).flatMap((unit) =>
    unit.some(({ kind }) => STOPS_THE_SERVICE.includes(kind))
      ? oneUnitEach(unit, containers, names)
      : unit.flatMap((step) => inItsPlace(step, containers, names)),
  );
}

function oneUnitEach(
  unit: readonly RunbookStep[],
  containers: readonly ServiceContainer[],
  names: Names,
): readonly ContainerStep[] {
  return containers.flatMap((container, index) => {
    const name = unitOf(unit[0]) + ofContainer(container);
    return servingAgain(unit).map((step) => {
      const title = step.title + ofContainer(container);
      return { container, step: { ...step, id: names.free(step.id, index), unit: name, title } };
    });
  });
}

/**
 * By what the new one is found healthy, the old one is when the stop is taken back: or the next container would be taken
 * back, and so stopped, while the one before does not serve yet.
 */
function servingAgain(unit: readonly RunbookStep[]): readonly RunbookStep[] {
  const wait = unit.find(({ kind }) => kind === 'service.wait-healthy')?.with;
  if (wait === undefined) {
    return unit;
  }
  const { url = null, health = null, timeoutSeconds = null } = wait;
  const serves = { url, health, timeoutSeconds };
  return unit.map((step) =>
    step.kind === 'docker.stop' ? { ...step, with: { serves, ...step.with } } : step,
  );
}

function inItsPlace(
  step: RunbookStep,
  containers: readonly ServiceContainer[],
  names: Names,
): readonly ContainerStep[] {
  if (!isOfContainer(step)) {
    return [{ step, container: null }];
  }
  const unit = unitOf(step);
  return containers.map((container, index) => {
    // The number first: in a narrow list the end is cut off.
    const number = `${String(index + 1)}/${String(containers.length)}`;
    const title = `${number} ${step.title}${ofContainer(container)}`;
    return { container, step: { ...step, id: names.free(step.id, index), unit, title } };
  });
}

const BEFORE_NAME = ' · ';

function ofContainer({ name }: ServiceContainer): string {
  return BEFORE_NAME + name;
}

/** A step's title below that of its unit, which may say already which container both are about. */
export function titleInUnit({ title, unit }: Pick<PlannedStep, 'title' | 'unit'>): string {
  const at = unit.indexOf(BEFORE_NAME);
  const end = unit.slice(at);
  return at !== -1 && title.endsWith(end) ? title.slice(0, -end.length) : title;
}

/** What a step of a container may say beside what every step may. RUNBOOK_VARIABLE_UNKNOWN for a port that is not fixed. */
export function containerScope(
  { step, container }: ContainerStep,
  containers: readonly ServiceContainer[],
): Scope {
  const all = containers.map(({ id, name }) => ({ id, name }));
  if (container === null) {
    return containers.length === 0 ? {} : { containers: all };
  }
  const { name, port } = container;
  if (port === null && mentions(step.with, 'containerPort')) {
    throw new AppError(
      'RUNBOOK_VARIABLE_UNKNOWN',
      `{{containerPort}} is not known: ${name} publishes the service’s port nowhere, or where the engine likes.`,
    );
  }
  return { containers: all, container: name, ...(port === null ? {} : { containerPort: port }) };
}

export function isOfContainer(step: RunbookStep): boolean {
  return mentions(step.with, 'container') || mentions(step.with, 'containerPort');
}

/** Names that a runbook’s own steps have are never given to others. */
class Names {
  readonly #taken: Set<string>;

  constructor(steps: readonly RunbookStep[]) {
    this.#taken = new Set(steps.map(({ id }) => id));
  }

  free(id: StepId, index: number): StepId {
    return StepId.parse(this.#free(id, `-${String(index + 1)}`));
  }

  #free(name: string, end: string): string {
    const wanted = name.slice(0, ID_LENGTH - end.length) + end;
    if (this.#taken.has(wanted)) {
      return this.#free(name, `-${end}`);
    }
    this.#taken.add(wanted);
    return wanted;
  }
}

function unitsOf(steps: readonly RunbookStep[]): readonly (readonly RunbookStep[])[] {
  const groups: RunbookStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last !== undefined && unitOf(last[0]) === unitOf(step)) {
      last.push(step);
    } else {
      groups.push([step]);
    }
  }
  return groups;
}

function unitOf(step: RunbookStep | undefined): string {
  return step?.unit ?? step?.id ?? '';
}
