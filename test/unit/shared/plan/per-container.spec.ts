import { describe, expect, it } from 'vitest';
import { planSteps, units } from '../../../../shared/plan/planner.js';
import { titleInUnit } from '../../../../shared/plan/per-container.js';
import type { ServiceContainer } from '../../../../shared/plan/per-container.js';
import type { RunbookStep } from '../../../../shared/runbook/schema.js';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { stepKinds, kindOf } from '../../../../main/steps/registry.js';
import { labFleetText, labText } from './fleet-runbook.js';

const containers: readonly ServiceContainer[] = ['web-1', 'web-2', 'web-3'].map((name, index) => ({
  id: `id-${name}`,
  name,
  port: 8_001 + index,
}));

function plan(text: string, found: readonly ServiceContainer[]) {
  const parsed = parseRunbook('fleet.yaml', text, Object.keys(stepKinds));
  if (!parsed.ok) {
    throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  }
  const { runbook } = parsed;
  return planSteps({
    ...{ runbook, environment: runbook.environments[0]!, procedure: runbook.procedures[0]! },
    ...{ from: null, runId: '7f3a9c21-1111-4222-8333-444455556666', kinds: kindOf },
    containers: found,
    target: {
      ...{ id: `sha256:${'a'.repeat(64)}`, version: 'v1', names: ['lab-service:v1'] },
      ...{ createdAt: null, sizeBytes: null, digest: null, isServing: false },
    },
  });
}

function problemsOf(text: string): readonly string[] {
  const parsed = parseRunbook('fleet.yaml', text, Object.keys(stepKinds));
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
}

describe('a plan for several containers of a service', () => {
  it('has one cutover for each, one after the other, and one approval for what only prepares', () => {
    const steps = plan(labFleetText(), containers);

    expect(units(steps).map(({ unit }) => unit)).toEqual([
      ...['preparation', 'cutover · web-1', 'cutover · web-2', 'cutover · web-3'],
      ...['proof', 'verification'],
    ]);
    expect(units(steps)[2]?.steps.map(({ title }) => title)).toEqual([
      'Stop old · web-2',
      'Swap names · web-2',
      'Start target · web-2',
      'Wait until healthy · web-2',
    ]);
    expect(steps.filter(({ id }) => id.startsWith('create')).map(({ title }) => title)).toEqual([
      '1/3 Create replacement · web-1',
      '2/3 Create replacement · web-2',
      '3/3 Create replacement · web-3',
    ]);
  });

  it('says once which container a unit is about', () => {
    const steps = plan(labFleetText(), containers);

    expect(titleInUnit(steps.find(({ id }) => id === 'stop-2')!)).toBe('Stop old');
    expect(titleInUnit({ title: 'Stop old · web-2', unit: 'cutover' })).toBe('Stop old · web-2');
  });

  it('gives each its own name, kept container and address', () => {
    const steps = plan(labFleetText(), containers);

    expect(steps.find(({ id }) => id === 'swap-2')?.params).toMatchObject({
      ...{ container: 'web-2', keepAs: 'web-2-before', replacement: 'web-2-next' },
    });
    expect(steps.find(({ id }) => id === 'wait-healthy-3')?.params).toMatchObject({
      ...{ container: 'web-3', url: 'http://127.0.0.1:8003' },
    });
  });

  it('holds the containers that were found by id and name', () => {
    const [find] = plan(labFleetText(), containers);

    expect(find?.params).toMatchObject({
      containers: containers.map(({ id, name }) => ({ id, name })),
    });
  });

  it('is the plan of one container where one was found', () => {
    const [one] = containers;
    const titles = plan(labFleetText(), [one!]).map(({ id, title, unit }) => [id, title, unit]);
    const usual = plan(labText(), []).map(({ id, title, unit }) => [id, title, unit]);

    expect(titles.slice(1, -1)).toEqual(usual);
  });

  it('refuses a container without a fixed port where the runbook asks for it', () => {
    const [first, second] = containers;

    expect(() => plan(labFleetText(), [first!, { ...second!, port: null }])).toThrow(
      /web-2 publishes the service’s port nowhere/,
    );
  });

  it('refuses more steps than a run can hold', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      ...{ id: `id-${index}`, name: `web-${index}`, port: 8_000 + index },
    }));

    expect(() => plan(labFleetText(), many)).toThrow(/steps for 30 containers; 200 are possible/);
  });
});

describe('a runbook for several containers', () => {
  const changed = (change: (steps: RunbookStep[]) => RunbookStep[]): readonly string[] =>
    problemsOf(labFleetText(change));

  it('must look for them in one unit with the first change', () => {
    expect(changed((steps) => steps.slice(1)).join()).toContain('docker.find-containers');
    const apart = changed((steps) =>
      steps.map((step, index) => (index === 0 ? { ...step, unit: 'before' } : step)),
    );
    expect(apart.join()).toContain('in one unit with it');
  });

  it('must check all of them at the end', () => {
    expect(changed((steps) => steps.slice(0, -1)).join()).toContain('docker.check-containers');
  });

  it('must mean each in turn and give each names of its own', () => {
    const fixed = changed((steps) =>
      steps.map((step) =>
        step.id === 'stop' ? { ...step, with: { ...step.with, container: 'web-1' } } : step,
      ),
    );
    expect(fixed.join()).toContain('write {{container}}');
    const shared = changed((steps) =>
      steps.map((step) =>
        step.id === 'swap' ? { ...step, with: { ...step.with, keepAs: 'web-before' } } : step,
      ),
    );
    expect(shared.join()).toContain('two containers cannot have one name');
  });

  it('must trigger each at its own address', () => {
    const common = changed((steps) =>
      steps.map((step) =>
        step.id === 'trigger' ? { ...step, with: { ...step.with, url: '{{url}}' } } : step,
      ),
    );
    expect(common.join()).toContain('must hold {{containerPort}}');
  });

  it('cannot speak of containers where the service is one', () => {
    const text = labText().replace("url: '{{url}}'", "url: 'http://a:{{containerPort}}'");

    expect(problemsOf(text).join()).toContain('there is no variable {{containerPort}}');
  });
});
