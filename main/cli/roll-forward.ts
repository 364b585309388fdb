import { AppError } from '../../shared/errors/app-error.js';
import { undoLossWords } from '../../shared/run/predicted-loss.js';
import { stepsToUndo } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import { findRun, mustBeOpen } from './find-run.js';
import type { RollForwardArguments } from './parse-roll-forward.js';
import { RunDriver } from './run-driver.js';
import type { CliDeps } from './run-driver.js';
import { runResult } from './run-result.js';
import type { Ended } from './run-result.js';
import { sayUnknown } from './unknown-steps.js';

/**
 * Takes everything back and closes the run. Asks first, by what the journal shows; where data would be lost with it, the run is taken
 * up before the question, which only looks, so that the figures stand above it.
 */
export async function rollForward(args: RollForwardArguments, deps: CliDeps): Promise<Ended> {
  const { lastgood, progress } = deps;
  const { runId, state } = await findRun(lastgood, args.run);
  mustBeOpen(state);
  mustHaveBegun(state);
  sayPlan(state, progress);
  const isLossy =
    state.phase !== 'rolling-forward' && undoLossWords(state, stepsToUndo(state)).length > 0;
  if (!isLossy) {
    await mustBeWanted(args.isYes, deps);
  }
  progress.know(state);
  await lastgood.runs.resume(runId);
  const driver = new RunDriver(runId, { ...args, typed: null, authority: null }, deps);
  await driver.settled();
  sayUnknown(driver.state, (line) => {
    progress.say(line);
  });
  await driver.sayLoss();
  if (isLossy) {
    await mustBeWanted(args.isYes, deps);
  }
  if (driver.state.phase !== 'rolled-forward') {
    await driver.rollForward(args.reason);
  }
  if (args.isRetry) {
    await driver.retryUndos();
  }
  const hold = await driver.close();
  if (hold !== null) {
    progress.say(`The run waits: ${hold}`);
  }
  const result = await runResult(runId, null, deps);
  return { result, isGood: driver.state.closed?.outcome === 'rolled-forward' };
}

function mustHaveBegun({ phase }: RunState): void {
  if (phase === 'deciding' || phase === 'preparing') {
    throw new AppError('RUN_COMMAND_REFUSED', 'There is nothing to take back.');
  }
}

function sayPlan(state: RunState, progress: CliDeps['progress']): void {
  const undos = stepsToUndo(state).map(
    ({ plan: { title, undoText } }) => `  ${title}: ${undoText ?? 'nothing to take back'}`,
  );
  progress.say(['To be taken back, newest first:', ...undos].join('\n'));
}

async function mustBeWanted(isYes: boolean, { terminal }: CliDeps): Promise<void> {
  if (isYes || (terminal.canAsk && (await terminal.ask('Take all of it back?')))) {
    return;
  }
  throw new AppError('RUN_COMMAND_REFUSED', 'Not approved. Give --yes to take everything back.');
}
