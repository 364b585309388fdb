import { AppError } from '../../shared/errors/app-error.js';
import { proceduresOf } from '../runs/environments.js';
import { decideDrill, prepareDrill } from './drill-start.js';
import type { DrillArguments } from './parse-drill.js';
import { RunDriver } from './run-driver.js';
import type { CliDeps } from './run-driver.js';
import { isRolledBack, runResult } from './run-result.js';
import type { Ended } from './run-result.js';

/** One whole drill. Where a step fails, everything is taken back: a drill must not leave a staging broken. */
export async function runDrill(
  args: DrillArguments & { readonly runbookId: string },
  deps: CliDeps,
): Promise<Ended> {
  await sayPlaces(args, deps);
  const runId = await deps.lastgood.runs.start({
    runbookId: args.runbookId,
    environment: args.environment,
    procedureId: args.procedure ?? (await firstPossible(args, deps)),
    kind: 'drill',
    faults: args.faults,
  });
  const driver = new RunDriver(runId, { ...args, typed: null, authority: null }, deps);
  await decideDrill(driver, args, deps);
  await prepareDrill(driver, deps);
  const hold = await driver.toTheEnd({ takesBack: true });
  if (hold !== null) {
    deps.progress.say(`The drill waits: ${hold}`);
  }
  const result = await runResult(runId, args.out, deps);
  return { result, isGood: isRolledBack(driver.state) };
}

/** Where it goes, before anything is connected. */
async function sayPlaces(
  { runbookId, environment }: { readonly runbookId: string; readonly environment: string },
  { lastgood, progress }: CliDeps,
): Promise<void> {
  for (const { host, lines } of await lastgood.planOf(runbookId, environment)) {
    progress.say(`${host}: ${lines[0] ?? ''}`);
  }
}

/** The first procedure that the environment has everything for. PROCEDURE_NOT_OFFERED with why, where there is none. */
async function firstPossible(
  { runbookId, environment }: { readonly runbookId: string; readonly environment: string },
  { lastgood }: CliDeps,
): Promise<string> {
  const runbook = await lastgood.runbooks.get(runbookId);
  const listed = lastgood.environments.list(runbook).find(({ name }) => name === environment);
  const [first] = runbook.procedures;
  if (listed === undefined) {
    // Whoever starts the run says that there is no such environment.
    return first?.id ?? '';
  }
  const offered = proceduresOf(runbook, listed);
  const possible = offered.find(({ refusal }) => refusal === null);
  if (possible === undefined) {
    const why = offered.map(({ refusal }) => refusal).join(' ');
    throw new AppError('PROCEDURE_NOT_OFFERED', why);
  }
  return possible.id;
}
