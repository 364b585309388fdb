import { expect, test } from 'vitest';
import { placeOf } from '../../../../main/runs/target-search.js';
import { kindOf } from '../../../../main/steps/registry.js';
import { chosenSchemas } from '../../../../shared/plan/application-schemas.js';
import { planSteps } from '../../../../shared/plan/planner.js';
import type { PlannedStep } from '../../../../shared/plan/planned-step.js';
import { StepId } from '../../../../shared/plan/planned-step.js';
import type { Json } from '../../../../shared/json.js';
import type { StartedRun } from '../../../../shared/run/state.js';
import type { RunbookStep } from '../../../../shared/runbook/schema.js';
import { environment, healthy, runbook } from '../../../fakes/sample-run.js';

const run = '7f3a0000-0000-4000-8000-000000000001';
const files = { backup: '/b/old.dump', freshBackup: '/b/fresh.dump' };
const check = (what: string, more: Record<string, Json> = {}) =>
  step('postgres.check-backup', { backup: '/b/old.dump', for: { what, ...more } });
const backup = step('postgres.backup', { file: '/b/fresh.dump', run });
const restore = step('postgres.restore', files);

function step(kind: string, params: Record<string, Json>): RunbookStep {
  const id = StepId.parse(kind.replace('.', '-'));
  return { id, title: kind, kind, with: { database: 'main', ...params }, estimateSeconds: 1 };
}

const named = (schemas: string[]) => ({
  ...environment,
  databases: [{ name: 'main', host: 'localhost', database: 'app', user: 'app', schemas }],
});

function planOf(one: RunbookStep, schemas = ['public', 'shop']): PlannedStep | undefined {
  const [procedure] = runbook.procedures;
  if (procedure === undefined) {
    throw new Error('The fixture has a procedure.');
  }
  return planSteps({
    runbook,
    environment: named(schemas),
    procedure: { ...procedure, steps: [one] },
    target: healthy,
    from: null,
    runId: run,
    kinds: kindOf,
  })[0];
}

test.each([check('restore'), backup, restore])(
  '$kind takes the schemas of the environment, and its plan shows them',
  (one) => {
    expect(planOf(one)).toMatchObject({
      params: { schemas: ['public', 'shop'] },
      summary: expect.stringContaining('the schemas public, shop') as string,
    });
  },
);

test.each([backup, restore])('a person who types the commands of $kind does the same', (one) => {
  expect(planOf(one)?.commands.join('\n')).toMatch(/-n .*public.* -n .*shop/);
});

test('what a step names itself counts, and an environment that names none changes nothing', () => {
  const own = { ...restore, with: { ...restore.with, schemas: ['billing'] } };

  expect(planOf(own)?.params).toMatchObject({ schemas: ['billing'] });
  expect(planOf(restore, [])?.params).not.toHaveProperty('schemas');
});

test.each([check('restore-beside'), check('restore-tables', { tables: ['markets'] })])(
  'a check looks at the whole where that is what will be taken',
  (one) => {
    expect(planOf(one)?.params).not.toHaveProperty('schemas');
  },
);

test('of a procedure it is known beforehand what it restores in place, and which steps would take all', () => {
  const steps = [check('restore-beside'), backup, restore];

  expect(chosenSchemas(steps, 'main', named(['public']))).toEqual({
    restored: ['public'],
    unnamed: [],
  });
  expect(chosenSchemas(steps, 'main', environment)).toEqual({
    restored: null,
    unnamed: ['postgres.backup', 'postgres.restore'],
  });
  expect(chosenSchemas([check('restore-beside')], 'main', named(['public'])).restored).toBeNull();
});

test('the preview of a procedure is told so', () => {
  const [procedure] = runbook.procedures;
  if (procedure === undefined) {
    throw new Error('The fixture has a procedure.');
  }
  const service = { kind: 'docker', engine: 'docker', container: 'app' } as const;
  const targets = { kind: 'postgres.backups', database: 'main', folder: '/b', service } as const;
  const started = {
    runbook,
    environment: named(['public']),
    procedure: { ...procedure, targets, steps: [backup, restore] },
  } as Partial<StartedRun> as StartedRun;

  expect(placeOf(started)).toMatchObject({ schemas: { restored: ['public'], unnamed: [] } });
});
