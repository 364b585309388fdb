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
  const runId = await deps.lastgood.runs.start({
    runbookId: args.runbookId,
    environment: args.environment,
    procedureId: args.procedure,
    kind: 'drill',
    faults: args.faults,
  });
  const driver = new RunDriver(runId, { isYes: args.isYes, typed: null, authority: null }, deps);
  await decideDrill(driver, args.to, deps);
  await prepareDrill(driver, deps);
  const hold = await driver.toTheEnd({ takesBack: true });
  if (hold !== null) {
    deps.progress.say(`The drill waits: ${hold}`);
  }
  const result = await runResult(runId, args.out, deps);
  return { result, isGood: isRolledBack(driver.state) };
}
