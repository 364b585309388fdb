import { AppError } from '../../shared/errors/app-error.js';
import { openRequiredItems, stepById, unknownSteps } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import { StepId } from '../../shared/plan/planned-step.js';
import { decideDrill, prepareDrill } from './drill-start.js';
import { findRun, mustBeOpen } from './find-run.js';
import type { ResumeArguments } from './parse-resume.js';
import { RunDriver } from './run-driver.js';
import type { CliDeps } from './run-driver.js';
import { isRolledBack, runResult } from './run-result.js';
import type { Ended } from './run-result.js';
import { sayHowToSettle, sayUnknown } from './unknown-steps.js';

/** Takes up a run that was left behind, settles what the operator says, and with their word goes on to the end. */
export async function resumeRun(args: ResumeArguments, deps: CliDeps): Promise<Ended> {
  const { lastgood, progress } = deps;
  const { runId, state } = await findRun(lastgood, args.run);
  mustBeOpen(state);
  mustNameSteps(args, state);
  mustKeepTarget(args, state);
  if (state.phase === 'rolling-forward' && !args.isYes) {
    throw new AppError(
      'RUN_COMMAND_REFUSED',
      `The run is taking everything back. To go on with that: lastgood roll-forward ${runId} --yes`,
    );
  }
  progress.know(state);
  await lastgood.runs.resume(runId);
  const driver = new RunDriver(runId, args, deps);
  await driver.settled();
  sayUnknown(driver.state, (line) => {
    progress.say(line);
  });
  await settle(driver, args);
  const hold = await goOn(driver, args, deps);
  if (hold !== null) {
    progress.say(`The run waits: ${hold}`);
  }
  const result = await runResult(runId, null, deps);
  return { result, isGood: isRolledBack(driver.state) };
}

function mustNameSteps({ settle: settlements }: ResumeArguments, state: RunState): void {
  for (const stepId of settlements.keys()) {
    if (stepById(state, stepId) === undefined) {
      const ids = state.steps.map(({ plan }) => plan.id).join(', ') || 'none';
      throw new AppError(
        'STEP_NOT_IN_PLAN',
        `The plan has no step “${stepId}”. Its steps: ${ids}.`,
      );
    }
  }
}

function mustKeepTarget({ to }: ResumeArguments, { order, target, started }: RunState): void {
  if (to === null) {
    return;
  }
  if (order !== null && target?.version !== to) {
    throw new AppError(
      'TARGET_UNKNOWN',
      `The run was ordered to go back to ${target?.version ?? 'nothing'}; --to cannot change that.`,
    );
  }
  if (started?.kind === 'incident') {
    throw new AppError('TARGET_UNKNOWN', 'In an incident the version is chosen in the window.');
  }
}

async function settle(driver: RunDriver, args: ResumeArguments): Promise<void> {
  for (const [stepId, as] of args.settle) {
    const { evidence } = args;
    await driver.command({ type: 'settle', stepId: StepId.parse(stepId), as, evidence });
    await driver.settled();
  }
}

/** Null when the run was driven to its end; otherwise what it waits for. */
async function goOn(
  driver: RunDriver,
  args: ResumeArguments,
  deps: CliDeps,
): Promise<string | null> {
  const { kind } = driver.live.started;
  const { isYes } = args;
  if (unknownSteps(driver.state).length > 0 && driver.state.phase === 'executing') {
    sayHowToSettle(driver.state, (line) => {
      deps.progress.say(line);
    });
    return 'an outcome is unknown.';
  }
  if (!driver.hasWord) {
    return 'give --yes to approve the rest and go on to the end.';
  }
  await driver.goOnAfterPause();
  const hold =
    kind === 'drill' ? await readyDrill(driver, args.to, deps) : await readyIncident(driver);
  // As in the drill itself: it must not leave a staging broken. An incident is left for a person to look at.
  return hold ?? driver.toTheEnd({ takesBack: kind === 'drill' && isYes });
}

/** A drill decides for itself, but it never guesses where it was sent. The reason why it waits, or null. */
async function readyDrill(
  driver: RunDriver,
  to: string | null,
  deps: CliDeps,
): Promise<string | null> {
  if (driver.state.phase === 'deciding') {
    const target = to ?? driver.state.target?.version ?? null;
    if (target === null) {
      return `no version was chosen yet. Name it: lastgood resume ${driver.runId} --to VERSION --yes`;
    }
    await decideDrill(driver, { to: target, isFromRegistry: false }, deps);
  }
  if (driver.state.phase === 'preparing') {
    await prepareDrill(driver, deps);
  }
  return null;
}

/** What a person must decide is left to them: the reason why the run waits, or null. */
async function readyIncident(driver: RunDriver): Promise<string | null> {
  const { state } = driver;
  if (state.phase === 'deciding') {
    return 'no rollback has been ordered yet. That is decided in the window.';
  }
  if (state.phase === 'preparing') {
    const open = openRequiredItems(state).map(({ text }) => text);
    if (open.length > 0) {
      return `required items are open: ${open.join('; ')}. Tick them in the window or pass them by.`;
    }
    await driver.command({ type: 'complete-preparation' });
  }
  return null;
}
