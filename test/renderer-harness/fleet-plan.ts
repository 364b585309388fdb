import { StepId } from '../../shared/plan/planned-step.js';
import type { PlannedStep } from '../../shared/plan/planned-step.js';
import { plan } from './sample-plan.js';

const names = ['parcel-tracker-1', 'parcel-tracker-2', 'parcel-tracker-3'];

/** The same plan for three containers of the service. */
export const fleetPlan: readonly PlannedStep[] = [
  ...plan.filter(({ id }) => id === 'find').map((step) => ({ ...step, unit: 'preparation' })),
  ...plan
    .filter(({ id }) => id === 'create')
    .flatMap((step) => names.map((name, index) => copy(step, name, index, 'preparation'))),
  ...names.flatMap((name, index) =>
    plan
      .filter(({ unit }) => unit === 'cutover')
      .map((step) => copy(step, name, index, `cutover · ${name}`)),
  ),
  ...plan.filter(({ stage }) => stage === 'verify'),
];

function copy(step: PlannedStep, name: string, index: number, unit: string): PlannedStep {
  const text = (value: string): string => value.replaceAll('parcel-tracker', name);
  return {
    ...step,
    id: StepId.parse(`${step.id}-${String(index + 1)}`),
    title: unit.includes(name)
      ? `${step.title} · ${name}`
      : `${String(index + 1)}/3 ${step.title} · ${name}`,
    unit,
    summary: text(step.summary),
    commands: step.commands.map(text),
  };
}
