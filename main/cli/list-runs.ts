import type { RunSummary } from '../../shared/ipc/views.js';
import { describeOwner } from '../../shared/run/owner-words.js';
import type { RunsArguments } from './parse-runs.js';
import type { CliDeps } from './run-driver.js';

/** Every run in the data folder, newest first: one JSON object, or a block of lines for each. Reads only. */
export async function listRuns(
  { isJson }: RunsArguments,
  { lastgood }: Pick<CliDeps, 'lastgood'>,
): Promise<string> {
  const runs = await lastgood.runs.list();
  if (isJson) {
    return `${JSON.stringify({ runs: runs.map(listed) })}\n`;
  }
  return runs.length === 0 ? 'There are no runs.\n' : runs.map(inLines).join('\n');
}

function listed(run: RunSummary): Record<string, unknown> {
  const { runId, kind, service, environment, phase, outcome, startedAt, operator } = run;
  const { fromVersion, toVersion, unknownSteps, owner, problem } = run;
  return {
    ...{ runId, kind, service, environment, phase, outcome, startedAt, operator },
    ...{ fromVersion, toVersion, unknownSteps, owner, problem },
  };
}

function inLines(run: RunSummary): string {
  const { runId, kind, service, environment, phase, outcome, startedAt, unknownSteps } = run;
  const lines = [
    `${runId}  ${kind} of ${service} on ${environment}`,
    `  ${outcome ?? phase}, started ${startedAt}`,
    ...(unknownSteps.length === 0 ? [] : [`  outcome unknown: ${unknownSteps.join(', ')}`]),
    ...(run.problem === null ? [] : [`  only read: ${run.problem}`]),
    ...(outcome === null ? [`  ${driver(run)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function driver({ runId, owner, operator, problem, phase }: RunSummary): string {
  if (owner !== null) {
    return `driven by ${describeOwner(owner)}`;
  }
  const verb = phase.startsWith('handed over') ? 'take-back' : 'resume';
  const next = problem === null ? `. To go on here: lastgood ${verb} ${runId}` : '';
  return `nobody drives it; last operator: ${operator}${next}`;
}
