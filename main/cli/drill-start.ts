import { noEvidence } from '../../shared/decision/no-evidence.js';
import { AppError } from '../../shared/errors/app-error.js';
import { downtimeItemId } from '../../shared/plan/predict-downtime.js';
import { suggestTarget } from '../../shared/plan/suggest-target.js';
import type { Target } from '../../shared/plan/target.js';
import { openRequiredItems } from '../../shared/run/select.js';
import {
  askRegistry,
  chooseTarget,
  lookForTargets,
  measure,
  order,
} from '../runs/decision-desk.js';
import type { Measured } from '../runs/decision-desk.js';
import type { CliDeps, RunDriver } from './run-driver.js';

/** `to`: a version or an image name, null for the suggestion. */
export type WantedTarget = { readonly to: string | null; readonly isFromRegistry: boolean };

/** What in an incident a person decides, a drill decides for itself. */
export async function decideDrill(
  driver: RunDriver,
  { to, isFromRegistry }: WantedTarget,
  { lastgood, progress }: CliDeps,
): Promise<void> {
  const { live, runId } = driver;
  const asked = isFromRegistry && to !== null ? [to] : [];
  if (asked.length > 0) {
    progress.say(
      `Asking the registry for ${asked.join()}, with your own Docker login if there is one.`,
    );
  }
  const [targets, measured] = await Promise.all([
    asked.length > 0 ? askRegistry(live, asked) : lookForTargets(live),
    measure(live, lastgood.clock.now()),
  ]);
  const target = await choose(driver, targets, to);
  progress.say(`Run ${runId}: going back to ${target.version}`);
  await Promise.all([
    recordMeasured(driver, measured),
    chooseTarget(live, target.id, lastgood.clock.now()),
    // The order is given with the drill. Who holds the lock instead is said by the first step, which asks for it again.
    target.isServing ? null : live.hostSide.hold().catch(() => undefined),
  ]);
  const downtime = driver.state.preview.find(({ id }) => id === downtimeItemId);
  if (downtime !== undefined) {
    progress.say(`${downtime.title}: ${downtime.text}`);
  }
  const [authority] = live.started.runbook.contacts.authority;
  const said = { authority: authority?.role ?? 'operator', reason: 'Drill from the command line' };
  await order(live, runId, said, measured.restarts?.value ?? null);
}

async function recordMeasured(driver: RunDriver, { errorRatePercent }: Measured): Promise<void> {
  await driver.command({
    type: 'record-evidence',
    evidence: { ...noEvidence, errorRatePercent, symptoms: 'Drill from the command line.' },
  });
}

/** Ticks what is still open, as ordered with the drill, and opens the door to execution. */
export async function prepareDrill(driver: RunDriver, { progress }: CliDeps): Promise<void> {
  await progress.until(() => driver.state.phase === 'preparing');
  for (const { id } of openRequiredItems(driver.state)) {
    // Evidence may tick an item in the same instant; then there is nothing left to tick.
    await driver
      .command({ type: 'tick', itemId: id, evidence: 'ordered with the drill' })
      .catch(passOverRefusal);
  }
  await driver.command({ type: 'complete-preparation' });
}

async function choose(
  driver: RunDriver,
  targets: readonly Target[],
  to: string | null,
): Promise<Target> {
  const chosen =
    to === null
      ? suggestTarget(targets)?.target
      : targets.find(({ version, names }) => version === to || names.includes(to));
  if (chosen === undefined) {
    await driver.command({ type: 'close', reason: 'no version to go back to' });
    const found = targets.map(({ version }) => version).join(', ') || 'none';
    throw new AppError(
      'TARGET_UNKNOWN',
      `There is no version ${to ?? 'older than what serves'} to go back to. Found: ${found}.`,
    );
  }
  return chosen;
}

function passOverRefusal(thrown: unknown): void {
  if (!(thrown instanceof AppError) || thrown.code !== 'RUN_COMMAND_REFUSED') {
    throw thrown;
  }
}
