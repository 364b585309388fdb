import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { stepKinds } from '../../../../main/steps/registry.js';
import type { AnyStepKind } from '../../../../main/steps/step-kind.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { planSteps } from '../../../../shared/plan/planner.js';
import { STORY_RUN, target } from '../../shared/run-story.js';
import { builtInText, parcelText } from './runbook-files.js';

const known: Readonly<Record<string, AnyStepKind>> = stepKinds;

describe.each([
  ['the built-in runbook', builtInText],
  ['the second runbook', parcelText],
])('%s, planned with the step kinds of this version', (_name, text) => {
  const result = parseRunbook('runbook.yaml', text, Object.keys(known));
  const runbook = result.ok ? result.runbook : null;

  it('names no kind and no parameter that does not exist', () => {
    const steps = planSteps({
      runbook: runbook!,
      environment: runbook!.environments[0]!,
      procedure: runbook!.procedures[0]!,
      target: target('v1.1.0'),
      from: target('v1.2.0', true),
      runId: STORY_RUN,
      kinds: (kind) => {
        const found = known[kind];
        if (found === undefined) {
          throw new AppError('STEP_KIND_UNKNOWN', kind);
        }
        return found;
      },
    });

    expect(steps).toHaveLength(12);
    expect(steps.filter(({ commands }) => commands.length === 0)).toEqual([]);
    expect(JSON.stringify(steps.map(({ params }) => params))).not.toContain('{{');
  });

  it('can take back everything that it changes', () => {
    const changing = runbook!.procedures[0]!.steps.flatMap(({ kind }) => known[kind] ?? []);

    expect(
      changing.filter(
        ({ risk, isReversible, repeatable }) => risk !== 'read' && !isReversible && repeatable,
      ),
    ).toEqual([]);
  });
});
