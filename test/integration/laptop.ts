import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClock } from '../../main/runs/clock.js';
import { chooseTarget, lookForTargets, order } from '../../main/runs/decision-desk.js';
import { Handover } from '../../main/runs/handover.js';
import { RunFiles } from '../../main/runs/run-files.js';
import { RunService } from '../../main/runs/run-service.js';
import { redactPatterns } from '../../main/log/redaction.js';
import { createRange } from '../../main/range/range.js';
import type { Range } from '../../main/range/range.js';
import { rangeEnvironments } from '../../main/range/range-environments.js';
import { dataPaths, makeDataFolders } from '../../main/storage/data-paths.js';
import { suggestTarget } from '../../shared/plan/suggest-target.js';
import type { RunId } from '../../shared/run/events.js';
import { currentStep, openRequiredItems } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import type { Runbook } from '../../shared/runbook/schema.js';

/** Everything a console keeps for itself. The world it acts on is shared with the other laptop, as a real one is. */
export async function openLaptop(operator: string, range: Range, runbook: Runbook) {
  const paths = dataPaths(await mkdtemp(path.join(os.tmpdir(), 'lastgood-laptop-')));
  makeDataFolders(paths);
  const clock = createClock();
  const appVersion = '0.0.0';
  const files = new RunFiles(paths, { session: clock.session, appVersion });
  const events = {
    appended: () => undefined,
    probed: () => undefined,
    lit: () => undefined,
    logged: () => undefined,
    halted: () => undefined,
    due: () => undefined,
    closed: () => undefined,
  };
  const common = {
    ...{ files, clock, events, appVersion },
    environments: rangeEnvironments(range),
    operator: () => operator,
  };
  const faults: unknown[] = [];
  const runs = new RunService({
    ...common,
    runbook: () => Promise.resolve(runbook),
    redact: redactPatterns,
    onFault: (thrown) => faults.push(thrown),
    watchSeconds: 1,
  });
  return { paths, files, runs, faults, handover: new Handover({ ...common, runs }) };
}

export type Laptop = Awaited<ReturnType<typeof openLaptop>>;

/** Two consoles on one practice world. */
export async function openTwoLaptops(runbook: Runbook) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-handover-'));
  const range = createRange({ folder: path.join(folder, 'range'), socketFolder: folder });
  const mine = await openLaptop('Ada', range, runbook);
  const theirs = await openLaptop('Noor', range, runbook);
  const close = async (): Promise<void> => {
    for (const { runs, paths } of [mine, theirs]) {
      await runs.dispose();
      await rm(paths.root, { recursive: true, force: true });
    }
    await range.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, mine, theirs, close };
}

export type TwoLaptops = Awaited<ReturnType<typeof openTwoLaptops>>;

export function stateOn({ runs }: Laptop, runId: RunId): RunState {
  return runs.mustBeLive(runId).state;
}

export function begin({ runs }: Laptop, runbook: Runbook): Promise<RunId> {
  return runs.start({
    runbookId: runbook.id,
    environment: 'practice',
    procedureId: 'docker',
    kind: 'drill',
    faults: [],
  });
}

/** Target chosen and ordered. */
export async function orderOn({ runs }: Laptop, runId: RunId): Promise<void> {
  const live = runs.mustBeLive(runId);
  const suggested = suggestTarget(await lookForTargets(live));
  await chooseTarget(live, suggested!.target.id, new Date().toISOString());
  await order(live, runId, { authority: 'Team lead', reason: 'half of all requests fail' });
}

export async function prepareOn({ runs }: Laptop, runId: RunId): Promise<void> {
  const live = runs.mustBeLive(runId);
  for (const { id } of openRequiredItems(live.state)) {
    // What the run proves by itself may be ticked in the same instant.
    await runs
      .command(runId, { type: 'tick', itemId: id, evidence: 'seen' })
      .catch(() => undefined);
  }
  await runs.command(runId, { type: 'complete-preparation' });
}

/** Approves unit after unit until this step is next; to the end when it is null. */
export async function executeOn(laptop: Laptop, runId: RunId, until: string | null): Promise<void> {
  const live = laptop.runs.mustBeLive(runId);
  for (;;) {
    await live.engine.idle();
    const step = currentStep(live.state);
    if (live.state.phase !== 'executing' || step === undefined || step.plan.id === until) {
      return;
    }
    if (step.status !== 'pending') {
      throw new Error(`${step.plan.id} is ${step.status}: ${step.error?.message ?? ''}`);
    }
    const { unit } = step.plan;
    await laptop.runs.command(runId, { type: 'approve', unit, typed: null, authority: null });
  }
}
