import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.js';
import { planSteps, pointOfNoReturn, units } from '../../../../shared/plan/planner.js';
import type { PlanRequest, PlannableKind } from '../../../../shared/plan/planner.js';
import type { Risk } from '../../../../shared/plan/planned-step.js';
import { parcelText, soundRunbook } from '../../main/runbooks/runbook-files.js';

const kind: PlannableKind = {
  risk: 'change',
  repeatable: true,
  isReversible: true,
  startsWriters: false,
  isManual: false,
  describe: (params) => `Do it with ${JSON.stringify(params)}`,
  commands: () => ['do it'],
  undoText: () => 'undo it',
};

function request(changes: Partial<PlanRequest> = {}): PlanRequest {
  const runbook = soundRunbook(parcelText);
  const [environment] = runbook.environments;
  const [procedure] = runbook.procedures;
  if (environment === undefined || procedure === undefined) {
    throw new Error('The fixture has an environment and a procedure.');
  }
  return {
    runbook,
    environment,
    procedure,
    target: {
      id: 'sha256:aaa',
      version: '2024.10',
      names: ['parcel-tracker:latest', 'parcel-tracker:2024.10'],
      createdAt: null,
      sizeBytes: null,
      digest: null,
      isServing: false,
    },
    from: null,
    runId: '7f3a9c21-1111-4222-8333-444455556666',
    kinds: () => kind,
    ...changes,
  };
}

describe('the plan', () => {
  it('fills in the target by id, the environment’s own container and the run', () => {
    const [look, prepare] = planSteps(request());

    expect(look?.params).toEqual({
      engine: 'main-engine',
      reference: 'parcel-tracker:2024.10',
      imageId: 'sha256:aaa',
    });
    expect(prepare?.params).toMatchObject({
      container: 'tracker-north',
      replacement: 'tracker-north-next-7f3a9c21',
      run: '7f3a9c21-1111-4222-8333-444455556666',
    });
  });

  it('calls the container by the service’s name when the environment names none', () => {
    const { environment } = request();

    const [, prepare] = planSteps(request({ environment: { ...environment, variables: {} } }));

    expect(prepare?.params).toMatchObject({ container: 'parcel-tracker' });
  });

  it('hands the health expectation and the trigger to the steps as they stand in the service', () => {
    const { runbook } = request();
    const steps = planSteps(request());

    expect(steps.find((step) => step.id === 'healthy')?.params).toMatchObject({
      url: 'http://127.0.0.1:8088',
      health: runbook.service.health,
    });
    expect(steps.find((step) => step.id === 'scan')?.params).toMatchObject({
      trigger: runbook.service.trigger,
    });
  });

  it('says where each step acts', () => {
    const steps = planSteps(request());

    expect(steps.find((step) => step.id === 'halt')?.where).toBe('main-engine on depot-north');
    expect(steps.find((step) => step.id === 'check-health')?.where).toBe('http://127.0.0.1:8088');
  });

  it('asks after four times the estimate, never sooner than a minute late, or when the runbook says', () => {
    const deadline = (id: string): number | undefined =>
      planSteps(request()).find((step) => step.id === id)?.deadlineSeconds;

    expect(deadline('scan')).toBe(80);
    expect(deadline('look')).toBe(63);
    expect(deadline('healthy')).toBe(90);
  });

  it('groups the cutover into one unit and leaves a lone step its own', () => {
    const grouped = units(planSteps(request())).map(({ unit, steps }) => [unit, steps.length]);

    expect(grouped).toEqual([
      ['look', 1],
      ['prepare', 1],
      ['keep-log', 1],
      ['exchange', 4],
      ['new-log', 1],
      ['scan', 1],
      ['checks', 3],
    ]);
  });

  it('names the step when a variable is not known', () => {
    const { procedure } = request();
    const steps = procedure.steps.map((step) =>
      step.id === 'look' ? { ...step, with: { imageId: '{{from.id}}' } } : step,
    );

    expect(() => planSteps(request({ procedure: { ...procedure, steps } }))).toThrow(
      'Step look: There is no variable {{from.id}}.',
    );
  });

  it('passes on the code of a kind that is not known', () => {
    const kinds = (name: string): PlannableKind => {
      if (name === 'docker.stop') {
        throw new AppError('STEP_KIND_UNKNOWN', `No kind ${name}.`);
      }
      return kind;
    };

    expect(() => planSteps(request({ kinds }))).toThrow(
      expect.objectContaining({
        code: 'STEP_KIND_UNKNOWN',
        message: 'Step halt: No kind docker.stop.',
      }) as Error,
    );
  });
});

describe('the point of no return', () => {
  const steps = (...risks: readonly [Risk, boolean][]): Parameters<typeof pointOfNoReturn>[0] => {
    const [first] = planSteps(request());
    if (first === undefined) {
      throw new Error('The plan has a step.');
    }
    return risks.map(([risk, isReversible]) => ({ ...first, risk, isReversible }));
  };

  it('is the first destroying step that cannot be taken back', () => {
    expect(pointOfNoReturn(steps(['read', false], ['destroy', true], ['destroy', false]))).toBe(2);
  });

  it('is nowhere when everything can be taken back', () => {
    expect(pointOfNoReturn(steps(['change', true], ['read', false]))).toBeNull();
  });
});
