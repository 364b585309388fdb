import { expect, test } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { kindOf, stepKinds } from '../../../../main/steps/registry.js';
import { planSteps } from '../../../../shared/plan/planner.js';
import { registryPlaceOf } from '../../../../shared/runbook/registry-place.js';
import type { Runbook } from '../../../../shared/runbook/schema.js';
import { builtInText } from '../../main/runbooks/runbook-files.js';

const digest = `sha256:${'a'.repeat(64)}`;

function builtIn(variables: Readonly<Record<string, string>>) {
  const parsed = parseRunbook('built-in.yaml', builtInText, Object.keys(stepKinds));
  const { runbook } = parsed as { readonly runbook: Runbook };
  const procedure = runbook.procedures.find(({ id }) => id === 'docker')!;
  return { runbook, procedure, environment: { ...runbook.environments[0]!, variables } };
}

const idsFor = (id: string): readonly string[] =>
  planSteps({
    ...builtIn({}),
    ...{ from: null, runId: '7f3a9c21-1111-4222-8333-444455556666', kinds: kindOf },
    target: {
      ...{ id, version: 'v1.1.0', names: ['tradewizard-monitor:v1.1.0'], createdAt: null },
      ...{ sizeBytes: null, digest: null, isServing: false },
    },
  }).map((step) => step.id);

test('there is a registry to ask only where the environment names one', () => {
  expect(registryPlaceOf(builtIn({}))).toBeNull();
  expect(registryPlaceOf(builtIn({ registry: 'registry.example/monitor' }))).toEqual({
    ...{ engine: 'docker', repository: 'registry.example/monitor', tags: [] },
  });
});

test('the tags that a runbook names are of its own repository where it names no other', () => {
  const { procedure, ...rest } = builtIn({});
  const targets = {
    ...{ kind: 'docker.images' as const, engine: 'docker', container: 'web' },
    ...{ repository: 'registry.example/web', registryTags: ['v1.0.0'] },
  };

  expect(registryPlaceOf({ ...rest, procedure: { ...procedure, targets } })).toEqual({
    ...{ engine: 'docker', repository: 'registry.example/web', tags: ['v1.0.0'] },
  });
});

test('the built-in procedure loads what only a registry has, before anything else, and nothing that the engine has', () => {
  expect(idsFor(`registry.example/monitor@${digest}`)[0]).toBe('load-image');
  expect(idsFor(digest)[0]).toBe('find-target');
});
