import path from 'node:path';
import { copyFile, mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import process from 'node:process';
import { noEvidence } from '../../shared/decision/evidence.js';
import { AppError } from '../../shared/errors/app-error.js';
import { figures } from '../../shared/metrics/figures.js';
import { suggestTarget } from '../../shared/plan/suggest-target.js';
import type { Target } from '../../shared/plan/target.js';
import type { RunId } from '../../shared/run/events.js';
import {
  currentStep,
  currentUnit,
  isExecuting,
  needsAuthority,
  openRequiredItems,
  typingFor,
} from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import type { Console } from '../console/create-console.js';
import { chooseTarget, lookForTargets, measure, order } from '../runs/decision-desk.js';
import type { LiveRun } from '../runs/live-run.js';
import type { DrillArguments } from './parse-drill.js';
import type { Progress } from './progress.js';

export type DrillDeps = {
  readonly lastgood: Console;
  readonly progress: Progress;
};

export type DrillResult = {
  readonly runId: RunId;
  readonly kind: 'drill';
  readonly outcome: string;
  readonly rollbackSeconds: number | null;
  readonly downtimeSeconds: number | null;
  readonly unhealthySeconds: number | null;
  readonly steps: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly seconds: number | null;
  }[];
  readonly reports: { readonly markdown: string; readonly json: string };
};

/** One whole drill. Where a step fails, everything is taken back: a drill must not leave a staging broken. */
export async function runDrill(
  args: DrillArguments & { readonly runbookId: string },
  deps: DrillDeps,
): Promise<{ readonly result: DrillResult; readonly isGood: boolean }> {
  const { runs } = deps.lastgood;
  const runId = await runs.start({
    runbookId: args.runbookId,
    environment: args.environment,
    procedureId: args.procedure,
    kind: 'drill',
    faults: args.faults,
  });
  const drill = new Drill(runId, args, deps);
  await drill.decide();
  await drill.prepare();
  await drill.execute();
  await drill.watch();
  await drill.close();
  const result = await drill.report();
  return { result, isGood: drill.isGood() };
}

const LOOKS = 30;
const LOOK_AGAIN_MS = 2_000;

class Drill {
  readonly #runId: RunId;
  readonly #args: DrillArguments;
  readonly #deps: DrillDeps;

  constructor(runId: RunId, args: DrillArguments, deps: DrillDeps) {
    this.#runId = runId;
    this.#args = args;
    this.#deps = deps;
  }

  get #live(): LiveRun {
    return this.#runs.mustBeLive(this.#runId);
  }

  get #state(): RunState {
    return this.#live.state;
  }

  #now(): string {
    return this.#deps.lastgood.clock.now();
  }

  get #runs(): Console['runs'] {
    return this.#deps.lastgood.runs;
  }

  async decide(): Promise<void> {
    const targets = await lookForTargets(this.#live);
    const target = await this.#choose(targets);
    this.#deps.progress.say(`Run ${this.#runId}: going back to ${target.version}`);
    const { errorRatePercent } = await measure(this.#live, this.#now());
    await this.#runs.command(this.#runId, {
      type: 'record-evidence',
      evidence: { ...noEvidence, errorRatePercent, symptoms: 'Drill from the command line.' },
    });
    await chooseTarget(this.#live, target.id, this.#now());
    const [authority] = this.#started.runbook.contacts.authority;
    await order(this.#live, this.#runId, {
      authority: authority?.role ?? 'operator',
      reason: 'Drill from the command line',
    });
  }

  async prepare(): Promise<void> {
    await this.#deps.progress.until(() => this.#state.phase === 'preparing');
    for (const { id } of openRequiredItems(this.#state)) {
      // Evidence may tick an item in the same instant; then there is nothing left to tick.
      await this.#runs
        .command(this.#runId, { type: 'tick', itemId: id, evidence: 'ordered with the drill' })
        .catch(ignoreRefusal);
    }
    await this.#runs.command(this.#runId, { type: 'complete-preparation' });
  }

  async execute(): Promise<void> {
    for (;;) {
      await this.#settled();
      if (this.#state.phase !== 'executing') {
        return;
      }
      const step = currentStep(this.#state);
      if (step === undefined || step.status !== 'pending' || !(await this.#mayGoOn())) {
        await this.#rollForward();
        return;
      }
      const { unit } = step.plan;
      const typed = typingFor(this.#state, unit);
      await this.#runs.command(this.#runId, {
        type: 'approve',
        unit,
        typed,
        authority: this.#authorityFor(unit),
      });
    }
  }

  /** In a drill the first name on the list gives the word. */
  #authorityFor(unit: string): string | null {
    const [authority] = this.#started.runbook.contacts.authority;
    return needsAuthority(this.#state, unit) ? (authority?.role ?? null) : null;
  }

  async watch(): Promise<void> {
    if (this.#state.phase === 'completed') {
      await this.#deps.progress.until(() => this.#hasWatched());
    }
  }

  async close(): Promise<void> {
    if (!isExecuting(this.#state)) {
      await this.#runs.command(this.#runId, { type: 'close', reason: '' });
    }
  }

  async report(): Promise<DrillResult> {
    const { reports } = this.#deps.lastgood;
    const written = {
      markdown: await this.#place(await reports.write(this.#runId, 'markdown')),
      json: await this.#place(await reports.write(this.#runId, 'json')),
    };
    this.#deps.progress.say(`Report: ${written.markdown}`);
    const state = this.#state;
    const { rollbackSeconds, downtimeSeconds, unhealthySeconds, stepSeconds } = figures(
      state,
      this.#deps.lastgood.clock.moment(),
    );
    return {
      runId: this.#runId,
      kind: 'drill',
      outcome: state.closed?.outcome ?? 'unfinished',
      rollbackSeconds: state.completedAt === null ? null : rollbackSeconds,
      downtimeSeconds,
      unhealthySeconds,
      steps: state.steps.map(({ plan: { id, kind }, status }) => {
        return { id, kind, status, seconds: stepSeconds[id] ?? null };
      }),
      reports: written,
    };
  }

  isGood(): boolean {
    const { closed, watch } = this.#state;
    return closed?.outcome === 'rolled-back' && watch?.ended?.verdict === 'pass';
  }

  #hasWatched(): boolean {
    const { watch } = this.#state;
    return watch !== null && watch.ended !== null;
  }

  get #started() {
    return this.#live.started;
  }

  async #choose(targets: readonly Target[]): Promise<Target> {
    const { to } = this.#args;
    const chosen =
      to === null
        ? suggestTarget(targets)?.target
        : targets.find(({ version, names }) => version === to || names.includes(to));
    if (chosen === undefined) {
      await this.#runs.command(this.#runId, { type: 'close', reason: 'no version to go back to' });
      const found = targets.map(({ version }) => version).join(', ') || 'none';
      throw new AppError(
        'TARGET_UNKNOWN',
        `There is no version ${to ?? 'older than what serves'} to go back to. Found: ${found}.`,
      );
    }
    return chosen;
  }

  async #rollForward(): Promise<void> {
    const blocked = this.#state.steps.find(
      ({ status }) => status === 'failed' || status === 'unknown',
    );
    const reason =
      blocked === undefined ? 'not approved' : `${blocked.plan.title} ${blocked.status}`;
    this.#deps.progress.say(`Taking everything back: ${reason}`);
    await this.#runs.command(this.#runId, { type: 'roll-forward', reason });
    await this.#settled();
    await this.#lookAgain();
  }

  /** An engine that is away for a moment must not leave a drill half taken back. Looking only reads. */
  async #lookAgain(): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      const blind = this.#state.steps.find(
        ({ status, looked }) => status === 'unknown' && looked?.isDone === null,
      );
      if (blind === undefined) {
        return;
      }
      await this.#deps.lastgood.clock.delay(LOOK_AGAIN_MS);
      await this.#live.engine.look(blind.plan.id);
      await this.#settled();
    }
  }

  /** Waits until nothing more happens without somebody. */
  async #settled(): Promise<void> {
    await this.#live.engine.idle();
  }

  async #mayGoOn(): Promise<boolean> {
    if (this.#args.isYes) {
      return true;
    }
    const unit = currentUnit(this.#state).map(({ plan }) => `  ${plan.summary}`);
    if (!process.stdin.isTTY) {
      this.#deps.progress.say('Nobody can be asked here. Give --yes to approve every step.');
      return false;
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(`${unit.join('\n')}\nGo on? [y/N] `);
    terminal.close();
    return answer.trim().toLowerCase() === 'y';
  }

  async #place(report: string): Promise<string> {
    if (this.#args.out === null) {
      return report;
    }
    await mkdir(this.#args.out, { recursive: true });
    const placed = path.resolve(this.#args.out, path.basename(report));
    await copyFile(report, placed);
    return placed;
  }
}

function ignoreRefusal(thrown: unknown): void {
  if (!(thrown instanceof AppError) || thrown.code !== 'RUN_COMMAND_REFUSED') {
    throw thrown;
  }
}
