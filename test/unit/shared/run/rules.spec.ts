import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StepId } from '../../../../shared/plan/planned-step.js';
import type { PlannedStep } from '../../../../shared/plan/planned-step.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { decide } from '../../../../shared/run/decide.js';
import { nextAction } from '../../../../shared/run/next-action.js';
import { refusalOf, refusalOfHandover } from '../../../../shared/run/rules.js';
import {
  environment,
  foldEvents,
  planned,
  readyToExecute,
  started,
} from '../../../fakes/sample-run.js';

function onProduction(plan: readonly PlannedStep[]): RunEvent[] {
  const first = started();
  const production = { ...environment, name: 'production', tier: 'production' as const };
  const begun =
    first.type === 'run.started'
      ? { ...first, kind: 'incident' as const, environment: production }
      : first;
  return [begun, ...readyToExecute(plan).slice(1)];
}

const approve = (unit: string, more = {}) =>
  ({ type: 'approve', unit, typed: null, authority: null, ...more }) as const;
const by = 'operator';

describe('what cannot be taken back', () => {
  const plan = [
    planned('backup'),
    planned('restore', { risk: 'destroy', isReversible: false }),
    planned('start'),
  ];

  test('is approved only by typing the version and the environment exactly', () => {
    const state = foldEvents([
      ...readyToExecute(plan),
      { type: 'step.skipped', stepId: StepId.parse('backup'), reason: 'none', by },
    ]);
    expect(refusalOf(state, approve('restore'))).toContain('Type the version');
    const wrong = { typed: { version: 'v1.1.0', host: 'production' } };
    expect(refusalOf(state, approve('restore', wrong))).toContain('Type the version');
    const right = { typed: { version: 'v1.1.0', host: 'staging' } };
    expect(refusalOf(state, approve('restore', right))).toBeNull();
  });

  test('is refused for whatever else is typed, whoever asks', () => {
    const state = foldEvents([
      ...onProduction(plan),
      { type: 'step.skipped', stepId: StepId.parse('backup'), reason: 'none', by },
    ]);
    const word = fc.oneof(
      fc.constantFrom('v1.1.0', 'production', 'staging', '', 'v1.1.0 '),
      fc.string(),
    );
    fc.assert(
      fc.property(word, word, (version, host) => {
        const command = approve('restore', { typed: { version, host } });
        if (version === 'v1.1.0' && host === 'production') {
          expect(decide(state, command)).toMatchObject([{ type: 'unit.approved' }]);
        } else {
          expect(() => decide(state, command)).toThrow('Type the version');
        }
      }),
    );
    expect(() => decide(state, approve('restore'))).toThrow('Type the version');
  });

  test('draws a line below which every change is typed for', () => {
    const stepId = StepId.parse('restore');
    const state = foldEvents([
      ...readyToExecute(plan),
      { type: 'step.skipped', stepId: StepId.parse('backup'), reason: 'none', by },
      { type: 'step.done-by-hand', stepId, evidence: 'by hand', by },
    ]);
    expect(refusalOf(state, approve('start'))).toContain('Type the version');
  });
});

describe('a gate', () => {
  test('for an authority needs the word of somebody from the contacts', () => {
    const state = foldEvents(readyToExecute([planned('stop', { approvedBy: 'authority' })]));
    const [authority] = state.started?.runbook.contacts.authority ?? [];
    expect(refusalOf(state, approve('stop'))).toContain('may order a rollback');
    expect(refusalOf(state, approve('stop', { authority: 'somebody' }))).not.toBeNull();
    expect(refusalOf(state, approve('stop', { authority: authority?.role }))).toBeNull();
  });

  test('for a manual step is never approved, only done by hand or skipped', () => {
    const state = foldEvents(readyToExecute([planned('call', { isManual: true })]));
    const stepId = StepId.parse('call');
    expect(refusalOf(state, approve('call'))).toContain('done by hand');
    expect(refusalOf(state, { type: 'done-by-hand', stepId, evidence: 'called' })).toBeNull();
  });

  test('ends the mode that ran up to it', () => {
    const plan = [planned('make'), planned('call', { isManual: true })];
    const mode: RunEvent = { type: 'mode.changed', mode: 'gate', by, reason: '' };
    const before = foldEvents([...readyToExecute(plan), mode]);
    expect(nextAction(before)).toMatchObject({ event: { type: 'unit.approved', unit: 'make' } });
    const skip: RunEvent = {
      type: 'step.skipped',
      stepId: StepId.parse('make'),
      reason: 'already',
      by,
    };
    expect(nextAction(foldEvents([...readyToExecute(plan), mode, skip]))).toMatchObject({
      event: { type: 'mode.changed', mode: 'step', by: 'console' },
    });
  });
});

describe('run modes', () => {
  test('unattended is for drills outside production', () => {
    const command = { type: 'choose-mode', mode: 'unattended' } as const;
    const plan = [planned('make')];
    expect(refusalOf(foldEvents(readyToExecute(plan)), command)).toBeNull();
    expect(refusalOf(foldEvents(onProduction(plan)), command)).toContain('outside production');
  });

  test('a failure ends a mode: nothing goes on by itself', () => {
    const stepId = StepId.parse('make');
    const state = foldEvents([
      ...readyToExecute(),
      { type: 'mode.changed', mode: 'unattended', by, reason: '' },
      {
        type: 'step.failed',
        stepId,
        error: { code: 'DOCKER_REFUSED', message: 'no', retryable: true },
      },
    ]);
    expect(state.mode).toBe('step');
    expect(nextAction(state)).toEqual({ type: 'wait' });
  });

  test('a paused run approves nothing until it is continued', () => {
    const state = foldEvents([...readyToExecute(), { type: 'run.paused', by, reason: 'call' }]);
    expect(refusalOf(state, approve('find'))).toContain('paused');
    expect(refusalOf(state, { type: 'roll-forward', reason: 'enough' })).toBeNull();
    const on = foldEvents([
      ...readyToExecute(),
      { type: 'run.paused', by, reason: 'call' },
      { type: 'run.continued', by },
    ]);
    expect(refusalOf(on, approve('find'))).toBeNull();
  });
});

describe('a run that was handed over', () => {
  const handoverId = '22222222-2222-4222-8222-222222222222';
  const handedOver: RunEvent = { type: 'run.handed-over', handoverId, to: 'the day shift', by };

  test('is only read here', () => {
    const state = foldEvents([...readyToExecute(), handedOver]);
    expect(refusalOf(state, approve('find'))).toContain('handed over to the day shift');
    expect(refusalOf(state, { type: 'roll-forward', reason: 'x' })).not.toBeNull();
    // A note of ours would part the two journals.
    expect(refusalOf(state, { type: 'note', text: 'still here' })).not.toBeNull();
  });

  test('goes on where it is taken over, with a new epoch', () => {
    const taken: RunEvent = {
      type: 'run.taken-over',
      handoverId,
      operator: 'day',
      appVersion: '0',
      epoch: 1,
      isTakenBack: false,
    };
    const state = foldEvents([...readyToExecute(), handedOver, taken]);
    expect(state).toMatchObject({ epoch: 1, operator: 'day', handedOver: null });
    expect(refusalOf(state, approve('find'))).toBeNull();
  });

  test('does not go out while a step is running', () => {
    const stepId = StepId.parse('find');
    const running = foldEvents([
      ...readyToExecute(),
      { type: 'step.started', stepId, attempt: 1, before: null },
    ]);
    expect(refusalOfHandover(running)).toContain('Wait for it');
    expect(refusalOfHandover(foldEvents(readyToExecute()))).toBeNull();
  });
});
