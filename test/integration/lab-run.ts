import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { redactPatterns } from '../../main/log/redaction.js';
import { parseRunbook } from '../../main/runbooks/parse.js';
import { createClock } from '../../main/runs/clock.js';
import { chooseTarget, lookForTargets, order, previewOf } from '../../main/runs/decision-desk.js';
import { declaredEnvironments } from '../../main/runs/environments.js';
import type { LiveRun } from '../../main/runs/live-run.js';
import { RunFiles } from '../../main/runs/run-files.js';
import { RunService } from '../../main/runs/run-service.js';
import { stepKinds } from '../../main/steps/registry.js';
import { dataPaths, makeDataFolders } from '../../main/storage/data-paths.js';
import { currentStep } from '../../shared/run/select.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import { labFleetText } from '../unit/shared/plan/fleet-runbook.js';
import type { FleetPlace } from '../unit/shared/plan/fleet-runbook.js';

/** The runbook of the lab for every container of a service; see there. */
export function fleetRunbook(place: FleetPlace): Runbook {
  return runbookOf(labFleetText((steps) => steps, place));
}

export function runbookOf(text: string): Runbook {
  const parsed = parseRunbook('fleet.yaml', text, Object.keys(stepKinds));
  if (!parsed.ok) {
    throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  }
  return parsed.runbook;
}

/** A console of its own, and one run on it up to where its first step can be approved. */
export class LabRun {
  readonly #root: string;
  readonly #runs: RunService;
  readonly live: LiveRun;

  private constructor(root: string, runs: RunService, live: LiveRun) {
    this.#root = root;
    this.#runs = runs;
    this.live = live;
  }

  static async prepare(runbook: Runbook, version: string): Promise<LabRun> {
    const run = await LabRun.begin(runbook);
    await run.order(version);
    return run;
  }

  static async begin(runbook: Runbook): Promise<LabRun> {
    const root = await mkdtemp(path.join(os.tmpdir(), 'lastgood-fleet-'));
    const paths = dataPaths(root);
    makeDataFolders(paths);
    const clock = createClock();
    const nothing = (): void => undefined;
    const told = { appended: nothing, probed: nothing, lit: nothing, logged: nothing };
    const runs = new RunService({
      files: new RunFiles(paths, { session: clock.session, appVersion: '0.0.0' }),
      ...{ clock, environments: declaredEnvironments, appVersion: '0.0.0', watchSeconds: 1 },
      events: { ...told, halted: nothing, due: nothing, closed: nothing },
      ...{ operator: () => 'Ada', redact: redactPatterns, onFault: nothing },
      runbook: () => Promise.resolve(runbook),
    });
    const request = { runbookId: runbook.id, environment: 'staging', procedureId: 'docker' };
    const runId = await runs.start({ ...request, kind: 'drill', faults: [] });
    return new LabRun(root, runs, runs.mustBeLive(runId));
  }

  preview = async (): Promise<readonly { readonly title: string; readonly text: string }[]> =>
    previewOf(this.live, this.live.state.target?.id ?? '', '2026-01-01T00:00:00Z');

  /** Chooses among what was found last. */
  async order(version: string): Promise<void> {
    const at = new Date().toISOString();
    const targets =
      this.live.targets.length > 0 ? this.live.targets : await lookForTargets(this.live);
    await chooseTarget(this.live, targets.find((one) => one.version === version)?.id ?? '', at);
    const said = { authority: 'Team lead', reason: 'The version is broken' };
    await order(this.live, this.live.started.runId, said);
    // What the run proves itself is ticked a moment after it is on record.
    await this.live.engine.note(() => []);
    for (const { id } of this.live.started.runbook.checklist) {
      const by = 'console';
      await this.live.engine.note(({ checklist }) =>
        checklist[id] === undefined
          ? [{ type: 'checklist.ticked', itemId: id, by, evidence: 'test' }]
          : [],
      );
    }
    await this.live.command({ type: 'complete-preparation' });
  }

  /** Approves what comes next and waits until nothing more happens by itself. */
  async approve(): Promise<void> {
    const unit = currentStep(this.live.state)?.plan.unit ?? '';
    await this.live.command({ type: 'approve', unit, typed: null, authority: null });
    await this.live.engine.idle();
  }

  async rollForward(): Promise<void> {
    await this.live.command({ type: 'roll-forward', reason: 'It does not work out' });
    await this.live.engine.idle();
  }

  get focus(): { readonly id: string; readonly status: string; readonly error: string } | null {
    const step = currentStep(this.live.state);
    return step === undefined
      ? null
      : { id: step.plan.id, status: step.status, error: step.error?.code ?? '' };
  }

  get logFolder(): string {
    return dataPaths(this.#root).run(this.live.started.runId).log;
  }

  async end(): Promise<void> {
    await this.#runs.dispose();
    await rm(this.#root, { recursive: true, force: true });
  }
}
