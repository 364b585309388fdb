import { expect, test } from 'vitest';
import { planRows, planText } from '../../../../renderer/prepare/plan-rows.js';
import type { PlannedStep } from '../../../../shared/plan/planned-step.js';
import { RunStory } from '../../shared/run-story.js';

function steps(
  change: (step: PlannedStep) => PlannedStep = (step) => step,
): readonly PlannedStep[] {
  return new RunStory()
    .evidence()
    .order()
    .state.steps.map(({ plan }) => change(plan));
}

const kinds = (all: readonly PlannedStep[]) => planRows(all).map(({ kind }) => kind);

test('puts one heading over steps that are approved together', () => {
  const headings = planRows(steps()).filter((row) => row.kind === 'unit');
  expect(headings.map(({ unit }) => unit)).toEqual(['cutover', 'verification']);
});

test('draws no line while every step can be undone', () => {
  expect(kinds(steps())).not.toContain('point-of-no-return');
});

test('draws the line above the first step that destroys and cannot be undone', () => {
  const all = steps((step) =>
    step.id === 'swap' ? { ...step, risk: 'destroy', isReversible: false } : step,
  );
  const rows = planRows(all);
  const line = rows.findIndex(({ kind }) => kind === 'point-of-no-return');
  const below = rows[line + 1];
  expect(below?.kind === 'step' && below.step.id).toBe('swap');
});

test('writes a plan that a person can follow without the console', () => {
  const text = planText('Rollback of monitor', steps());
  expect(text).toContain('4. Do docker.stop');
  expect(text).toContain('   $ run docker.stop');
  expect(text).toContain('   Undo: Undo docker.stop');
  expect(text).toContain('-- cutover: together, without a pause --');
});
