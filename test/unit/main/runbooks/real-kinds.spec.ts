import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { stepKinds } from '../../../../main/steps/registry.js';
import type { AnyStepKind } from '../../../../main/steps/step-kind.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { placesOf, refusalOfProcedure } from '../../../../shared/runbook/offers.js';
import type { Runbook } from '../../../../shared/runbook/schema.js';
import { planSteps } from '../../../../shared/plan/planner.js';
import { STORY_RUN, target } from '../../shared/run-story.js';
import { builtInText, labHostText, parcelText } from './runbook-files.js';

const targetIds = {
  // One of a registry, so that the plan holds the step that loads it too.
  'docker.images': `registry.example/web@${target('v1.1.0').id}`,
  'host.releases': '/opt/agents/releases/v1.1.0',
  'swarm.previous': `spec:${'0'.repeat(64)}`,
  'git.commits': '0123456789abcdef0123456789abcdef01234567',
  'postgres.backups': '/var/backups/tw/one.dump',
  'postgres.migrations': '20260101000000',
} as const;

const known: Readonly<Record<string, AnyStepKind>> = stepKinds;

const runbookOf = (text: string): Runbook => {
  const result = parseRunbook('runbook.yaml', text, Object.keys(known));
  expect(result).toMatchObject({ ok: true });
  return (result as Extract<typeof result, { ok: true }>).runbook;
};

const cases = [
  ['the built-in runbook', builtInText],
  ['the second runbook', parcelText],
  ['the runbook of the lab’s machine', labHostText],
].flatMap(([name, text]) =>
  runbookOf(text!).procedures.map(
    (procedure) => [`${name!}: ${procedure.id}`, runbookOf(text!), procedure] as const,
  ),
);

describe.each(cases)(
  '%s, planned with the step kinds of this version',
  (_name, runbook, procedure) => {
    it('names no kind and no parameter that does not exist', () => {
      const pinned = { ...target('v1.1.0'), id: targetIds[procedure.targets.kind] };
      const environment = runbook.environments.find(
        (one) => refusalOfProcedure(procedure, placesOf(one)) === null,
      );
      const steps = planSteps({
        ...{ runbook, procedure, target: pinned, from: target('v1.2.0', true), runId: STORY_RUN },
        environment: environment!,
        kinds: (kind) => {
          const found = known[kind];
          if (found === undefined) {
            throw new AppError('STEP_KIND_UNKNOWN', kind);
          }
          return found;
        },
      });

      expect(steps).toHaveLength(procedure.steps.length);
      expect(steps.filter(({ commands }) => commands.length === 0)).toEqual([]);
      expect(JSON.stringify(steps.map(({ params }) => params))).not.toContain('{{');
      // A database may be elsewhere, and takes far longer than a round trip.
      // Another account in between would be another job, with a round trip of the line while the service is down.
      const places = steps.flatMap(({ unit, kind, params }) => {
        const found = known[kind];
        return unit === 'cutover' &&
          !kind.startsWith('postgres.') &&
          found !== undefined &&
          'script' in found
          ? [found.siteName(params)]
          : [];
      });
      expect(new Set(places).size).toBeLessThanOrEqual(1);
    });

    it('can take back everything that it changes', () => {
      const changing = procedure.steps.flatMap(({ kind }) => known[kind] ?? []);

      expect(
        changing.filter(
          ({ risk, isReversible, repeatable }) => risk !== 'read' && !isReversible && repeatable,
        ),
      ).toEqual([]);
    });
  },
);
