import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOfContainer, perContainer } from '../../../../shared/plan/per-container.js';
import type { ContainerStep, ServiceContainer } from '../../../../shared/plan/per-container.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import { STOPS_THE_SERVICE } from '../../../../shared/runbook/unit-checks.js';
import type { RunbookStep } from '../../../../shared/runbook/schema.js';

// Names that clash with those an expansion would give, and ids as long as they may be.
const id = fc.constantFrom(
  ...['stop', 'stop-1', 'stop-2', 'stop--2', 'x', 'x-1', 'a'.repeat(40), `${'a'.repeat(38)}-1`],
  `${'a'.repeat(38)}-2`,
);
const step = fc.record({
  id,
  kind: fc.constantFrom('docker.save-log', 'service.check-health', ...STOPS_THE_SERVICE),
  unit: fc.option(fc.constantFrom('cutover', 'cutover-1', 'rest', 'x')),
  container: fc.constantFrom('{{container}}', 'fixed', '{{container}}-{{containerPort}}'),
});
const runbookSteps = fc
  .uniqueArray(step, { selector: (one) => one.id, minLength: 1 })
  .map((steps) => standingTogether(steps.map(toStep)));
const containers = fc
  .integer({ min: 2, max: 6 })
  .map((many): readonly ServiceContainer[] =>
    Array.from({ length: many }, (_, index) => ({ id: `${index}`, name: `web-${index}`, port: 1 })),
  );

function toStep({
  id: own,
  kind,
  unit,
  container,
}: {
  readonly id: string;
  readonly kind: string;
  readonly unit: string | null;
  readonly container: string;
}): RunbookStep {
  const one = { id: StepId.parse(own), title: own, kind, with: { container }, estimateSeconds: 1 };
  return unit === null ? one : { ...one, unit };
}

const unitOf = (one: RunbookStep): string => one.unit ?? one.id;

/** As a runbook must be: the steps of a unit stand together. */
function standingTogether(steps: readonly RunbookStep[]): readonly RunbookStep[] {
  const order = [...new Set(steps.map(unitOf))];
  return order.flatMap((unit) => steps.filter((one) => unitOf(one) === unit));
}

const original = (steps: readonly RunbookStep[], { step: one }: ContainerStep): RunbookStep =>
  steps.find(({ title }) => title === one.title.replace(/^\d+\/\d+ /, '').split(' · ')[0])!;

test('every step is there for each container it names, ids are its own, and units stand together', () => {
  fc.assert(
    fc.property(runbookSteps, containers, (steps, found) => {
      const plan = perContainer(steps, found);

      expect(new Set(plan.map((one) => one.step.id)).size).toBe(plan.length);
      plan.forEach((one) => StepId.parse(one.step.id));
      for (const own of steps) {
        const copies = plan.filter((one) => original(steps, one) === own);
        const isStopping = steps.some(
          (other) => unitOf(other) === unitOf(own) && STOPS_THE_SERVICE.includes(other.kind),
        );
        const isRepeated = isStopping || isOfContainer(own);
        expect(copies.map(({ container }) => container?.name ?? null)).toEqual(
          isRepeated ? found.map(({ name }) => name) : [null],
        );
      }
      const units = plan.map((one) => unitOf(one.step));
      expect(new Set(units).size).toBe(units.filter((unit, at) => unit !== units[at - 1]).length);
    }),
    { numRuns: 500 },
  );
});

test('no unit stops more than one container, and what a unit does of a runbook’s unit is in its order', () => {
  fc.assert(
    fc.property(runbookSteps, containers, (steps, found) => {
      const plan = perContainer(steps, found);

      for (const unit of new Set(plan.map((one) => unitOf(one.step)))) {
        const inside = plan.filter((one) => unitOf(one.step) === unit);
        const stopped = inside.filter((one) => STOPS_THE_SERVICE.includes(one.step.kind));
        const isStopping = stopped.length > 0;
        expect(new Set(stopped.map(({ container }) => container?.name)).size).toBe(
          isStopping ? 1 : 0,
        );
        const places = inside.map((one) => steps.indexOf(original(steps, one)));
        expect(places).toEqual(places.toSorted((left, right) => left - right));
      }
    }),
    { numRuns: 500 },
  );
});

test('one container leaves every step as it is written', () => {
  fc.assert(
    fc.property(runbookSteps, (steps) => {
      const one = { id: '1', name: 'web', port: null };

      expect(perContainer(steps, [one]).map((each) => each.step)).toEqual(steps);
      expect(perContainer(steps, []).map((each) => each.container)).toEqual(steps.map(() => null));
    }),
  );
});
