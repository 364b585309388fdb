import { expect, test } from 'vitest';
import type { PlannedStep } from '../../../../shared/plan/planned-step.js';
import { undoneWithLoss } from '../../../../shared/run/predicted-loss.js';
import type { StepState } from '../../../../shared/run/state.js';
import { kindOf } from '../../../../main/steps/registry.js';
import { planned } from '../../../fakes/sample-run.js';

function step(plan: PlannedStep, more: Partial<StepState> = {}): StepState {
  return { plan, status: 'succeeded', attempt: 1, ...more } as Partial<StepState> as StepState;
}

const restore = step(planned('restore', { kind: 'postgres.restore', risk: 'destroy' }));

const lost = (after: StepState): boolean =>
  undoneWithLoss({ steps: [restore, after] }, [restore]).length === 1;

test.each([
  'systemd.start',
  'pm2.replace',
  'docker.start',
  'docker.swap-names',
  'swarm.roll-back',
  'operator.confirm',
])('%s says of itself that what it starts may write', (kind) => {
  expect(kindOf(kind).startsWriters).toBe(true);
});

test('a restore is taken back with loss once a step that starts writers was tried', () => {
  const start = planned('start', { startsWriters: true });
  expect(lost(step(start))).toBe(true);
  expect(lost(step(start, { status: 'failed' }))).toBe(true);
  expect(lost(step(start, { status: 'done-by-hand', attempt: 0 }))).toBe(true);
  expect(lost(step(start, { status: 'pending', attempt: 0 }))).toBe(false);
});

test('a step that starts nothing loses nothing', () => {
  expect(lost(step(planned('tidy', { risk: 'change', startsWriters: false })))).toBe(false);
});

test('of a plan that does not say it, any change may have started them, and no reading', () => {
  expect(lost(step(planned('start', { risk: 'change' })))).toBe(true);
  expect(lost(step(planned('look', { risk: 'read' })))).toBe(false);
});

test.each([true, false, undefined])(
  'a person who was asked may have started them, though the plan says %s',
  (startsWriters) => {
    const ask = planned('ask', { kind: 'operator.confirm', isManual: true, startsWriters });

    expect(lost(step(ask, { status: 'done-by-hand', attempt: 0 }))).toBe(true);
    expect(lost(step(ask, { status: 'skipped', attempt: 0 }))).toBe(true);
    expect(lost(step(ask, { status: 'pending', attempt: 0 }))).toBe(true);
    expect(lost(step(ask, { status: 'undone', attempt: 0 }))).toBe(true);
  },
);

test('a person who has not been asked yet has started nothing', () => {
  const code = step(planned('code', { startsWriters: false }), { status: 'failed' });
  const plan = planned('ask', { kind: 'operator.confirm', isManual: true, startsWriters: true });
  const ask = step(plan, { status: 'pending', attempt: 0 });

  expect(undoneWithLoss({ steps: [restore, code, ask] }, [restore])).toEqual([]);
});
