import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { stepKinds } from '../../../../main/steps/registry.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import type { Json } from '../../../../shared/json.js';
import type { Runbook, RunbookStep } from '../../../../shared/runbook/schema.js';

/** The lab’s runbook for one container. */
export function labText(): string {
  const file = path.resolve(import.meta.dirname, '../../../e2e/runbooks/lab-web.yaml');
  return readFileSync(file, 'utf8');
}

export function labRunbook(): Runbook {
  const parsed = parseRunbook('lab-web.yaml', labText(), Object.keys(stepKinds));
  if (!parsed.ok) {
    throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  }
  return parsed.runbook;
}

export type FleetPlace = {
  readonly container: string;
  readonly label: string;
  readonly url: string;
  readonly socket: string;
};

const example: FleetPlace = {
  ...{ container: 'web-1', label: 'service=web' },
  ...{ url: 'http://127.0.0.1:3000', socket: '/run/nothing-here.sock' },
};

/** The same for every container of the service that carries the label. */
export function labFleetText(
  change: (steps: RunbookStep[]) => RunbookStep[] = (steps) => steps,
  { container, label, url, socket }: FleetPlace = example,
): string {
  const runbook = labRunbook();
  const [procedure] = runbook.procedures;
  const [environment] = runbook.environments;
  if (procedure === undefined || environment === undefined) {
    throw new Error('The lab’s runbook has a procedure and an environment.');
  }
  const members = { engine: 'docker', container, label, containers: '{{containers}}' };
  const steps: RunbookStep[] = [
    {
      ...stepOf(procedure.steps, 'find-target'),
      ...idOf('find-containers'),
      ...{ title: 'Find containers', kind: 'docker.find-containers', with: members },
    },
    ...procedure.steps.map((step) => ({ ...step, with: atItsOwnPort(step.with) })),
    {
      ...stepOf(procedure.steps, 'check-log'),
      ...idOf('check-containers'),
      ...{ title: 'Check all', kind: 'docker.check-containers' },
      with: { ...members, imageId: '{{target.id}}' },
    },
  ];
  const targets = { ...procedure.targets, containers: { label } };
  return stringify({
    ...runbook,
    procedures: [{ ...procedure, targets, steps: change(steps) }],
    environments: [
      {
        ...{ ...environment, url, variables: { container } },
        engines: [{ name: 'docker', kind: 'docker', socket }],
      },
    ],
  });
}

/** Each container is asked at the port that it publishes itself, wherever in a step an address stands. */
function atItsOwnPort(params: RunbookStep['with']): RunbookStep['with'] {
  const own = { url: 'http://127.0.0.1:{{containerPort}}' };
  const { serves } = params;
  return {
    ...params,
    ...('container' in params && 'url' in params ? own : {}),
    ...(isObject(serves) ? { serves: { ...serves, ...own } } : {}),
  };
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null;
}

function stepOf(steps: readonly RunbookStep[], id: string): RunbookStep {
  const found = steps.find((step) => step.id === id);
  if (found === undefined) {
    throw new Error(`The lab’s runbook has no step ${id}.`);
  }
  return found;
}

function idOf(id: string): Pick<RunbookStep, 'id'> {
  return { id: StepId.parse(id) };
}
