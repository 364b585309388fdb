import { AppError } from '../../shared/errors/app-error.js';
import { foresightInWords } from '../../shared/plan/foresight.js';
import type { RunId } from '../../shared/run/events.js';
import { lossToConfirm } from '../../shared/run/predicted-loss.js';
import { refusalOf } from '../../shared/run/rules.js';
import { currentStep, isExecuting, needsAuthority, typingFor } from '../../shared/run/select.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import type { Console } from '../console/create-console.js';
import { foresee, foreseeUndo } from '../runs/foresee.js';
import type { LiveRun } from '../runs/live-run.js';
import { approvalHint } from './approval-hint.js';
import type { Progress } from './progress.js';
import type { Asking } from './terminal.js';

export type CliDeps = {
  readonly lastgood: Console;
  readonly progress: Progress;
  readonly terminal: Asking;
};

export type DriverOptions = {
  /** Approves every step; otherwise each unit is asked for on the terminal. */
  readonly isYes: boolean;
  /** What the operator typed for what cannot be taken back. */
  readonly typed: { readonly version: string; readonly host: string } | null;
  /** Who gave the word where a gate needs it. */
  readonly authority: string | null;
  /** Why a lock that another console holds may be broken; null: it may not. */
  readonly breakLock: string | null;
};

const LOOKS = 30;
const LOOK_AGAIN_MS = 2_000;

/** Drives a run that this process holds to its end, as an operator would in the window. */
export class RunDriver {
  readonly runId: RunId;
  readonly #options: DriverOptions;
  readonly #deps: CliDeps;

  constructor(runId: RunId, options: DriverOptions, deps: CliDeps) {
    this.runId = runId;
    this.#options = options;
    this.#deps = deps;
  }

  get live(): LiveRun {
    return this.#deps.lastgood.runs.mustBeLive(this.runId);
  }

  get state(): RunState {
    return this.live.state;
  }

  /** Where another console has locked the environment and its lock may be broken, it is broken and the command repeated. */
  async command(command: Parameters<Console['runs']['command']>[1]): Promise<void> {
    const { runs } = this.#deps.lastgood;
    for (const host of [...this.live.hostSide.hosts, null]) {
      try {
        await runs.command(this.runId, command);
        return;
      } catch (thrown) {
        await this.#breakLock(host, thrown);
      }
    }
  }

  async #breakLock(host: string | null, thrown: unknown): Promise<void> {
    const { breakLock } = this.#options;
    const isLocked = thrown instanceof AppError && thrown.code === 'HOST_LOCKED';
    if (!isLocked || breakLock === null || host === null) {
      throw thrown;
    }
    this.#deps.progress.say(`${thrown.message} Breaking it: ${breakLock}`);
    await this.live.hostSide.breakLock(host, breakLock);
  }

  /**
   * From the next approval through checks and watch to the close. Null when the run is closed; otherwise what it
   * waits for. `takesBack`: where a step holds, everything is taken back.
   */
  async toTheEnd({ takesBack }: { readonly takesBack: boolean }): Promise<string | null> {
    const hold = await this.#execute();
    if (hold !== null && !takesBack) {
      return hold;
    }
    if (hold !== null) {
      await this.sayLoss();
      await this.rollForward(hold);
    }
    await this.#watch();
    return this.close();
  }

  /** Approves unit after unit. Null when no step is left to carry out; otherwise why the run holds. */
  async #execute(): Promise<string | null> {
    for (;;) {
      await this.settled();
      const step = currentStep(this.state);
      if (this.state.phase !== 'executing' || step === undefined) {
        return null;
      }
      const hold = this.#holdAt(step) ?? (await this.#show(step)) ?? (await this.#askFor(step));
      if (hold !== null) {
        return hold;
      }
      await this.command(this.#approvalOf(step));
    }
  }

  /** A run that was paused goes on only on somebody's word. */
  async goOnAfterPause(): Promise<void> {
    if (this.#options.isYes && this.state.paused !== null) {
      await this.command({ type: 'continue' });
    }
  }

  async #watch(): Promise<void> {
    if (this.state.phase === 'completed') {
      await this.#deps.progress.until(() => this.#hasWatched());
    }
  }

  /** Null when the run is closed; otherwise what keeps it open. */
  async close(): Promise<string | null> {
    if (isExecuting(this.state)) {
      return whatHolds(this.state);
    }
    await this.command({ type: 'close', reason: '' });
    return null;
  }

  /** What taking everything back would lose as things are now; nothing where it loses nothing. */
  async sayLoss(): Promise<void> {
    for (const line of await foreseeUndo(this.live, null)) {
      this.#deps.progress.say(`  ! ${line}`);
    }
  }

  /** Takes everything back, newest first. A failed undo holds. */
  async rollForward(reason: string): Promise<void> {
    this.#deps.progress.say(`Taking everything back: ${reason}`);
    if (this.state.phase !== 'rolling-forward') {
      await this.command({ type: 'roll-forward', reason });
    }
    await this.settled();
    await this.#lookAgain();
  }

  /** Tries each failed undo once more, and those that come after it. */
  async retryUndos(): Promise<void> {
    const tried = new Set<string>();
    for (;;) {
      const failed = this.state.steps.find(
        ({ plan, status }) => status === 'undo-failed' && !tried.has(plan.id),
      );
      if (failed === undefined) {
        return;
      }
      tried.add(failed.plan.id);
      await this.command({ type: 'retry-undo', stepId: failed.plan.id });
      await this.settled();
      await this.#lookAgain();
    }
  }

  /** Waits until nothing more happens without somebody. */
  async settled(): Promise<void> {
    await this.live.engine.idle();
  }

  /** Whether anybody can be asked, or has answered beforehand. */
  get hasWord(): boolean {
    return this.#options.isYes || this.#deps.terminal.canAsk;
  }

  #holdAt(step: StepState): string | null {
    if (step.status !== 'pending' && step.status !== 'undone') {
      return `${step.plan.title} ${step.status}`;
    }
    const approval = this.#approvalOf(step);
    const refusal = refusalOf(this.state, approval);
    return refusal === null ? null : `${refusal}${approvalHint(this.state, approval)}`;
  }

  #approvalOf({ plan: { unit } }: StepState) {
    return {
      type: 'approve' as const,
      unit,
      typed: typingFor(this.state, unit) === null ? null : this.#typedFor(unit),
      authority: needsAuthority(this.state, unit) ? this.#authority() : null,
    };
  }

  /** A drill outside production types for itself; for production only a person does. */
  #typedFor(unit: string): DriverOptions['typed'] {
    return this.#options.typed ?? (this.#isHarmless() ? typingFor(this.state, unit) : null);
  }

  /** In a drill the first name on the list gives the word. */
  #authority(): string | null {
    const { kind, runbook } = this.live.started;
    const first = kind === 'drill' ? runbook.contacts.authority[0]?.role : undefined;
    return this.#options.authority ?? first ?? null;
  }

  #isHarmless(): boolean {
    const { kind, environment } = this.live.started;
    return kind === 'drill' && environment.tier !== 'production';
  }

  /** What the approval would make different, before it is given. Where that cannot be told, the approval is not given. */
  async #show({ plan: { unit } }: StepState): Promise<string | null> {
    try {
      for (const foresight of await foresee(this.live, unit)) {
        foresightInWords(foresight).forEach((line) => {
          this.#deps.progress.say(line);
        });
      }
      return null;
    } catch (thrown) {
      if (thrown instanceof AppError) {
        return `${unit}: ${thrown.message}`;
      }
      throw thrown;
    }
  }

  async #askFor({ plan: { unit } }: StepState): Promise<string | null> {
    const steps = this.state.steps.filter(({ plan }) => plan.unit === unit);
    for (const line of lossToConfirm(this.state, steps)) {
      this.#deps.progress.say(line);
    }
    if (this.#options.isYes) {
      return null;
    }
    if (!this.#deps.terminal.canAsk) {
      this.#deps.progress.say('Nobody can be asked here. Give --yes to approve every step.');
      return 'not approved';
    }
    const text = steps.map(({ plan }) => `  ${plan.summary}`).join('\n');
    return (await this.#deps.terminal.ask(`${text}\nGo on?`)) ? null : 'not approved';
  }

  #hasWatched(): boolean {
    const { watch } = this.state;
    return watch !== null && watch.ended !== null;
  }

  /** An engine that is away for a moment must not leave a run half taken back. Looking only reads. */
  async #lookAgain(): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      const blind = this.state.steps.find(
        ({ status, looked }) => status === 'unknown' && looked?.isDone === null,
      );
      if (blind === undefined) {
        return;
      }
      await this.#deps.lastgood.clock.delay(LOOK_AGAIN_MS);
      await this.live.engine.look(blind.plan.id);
      await this.settled();
    }
  }
}

function whatHolds({ steps, started }: RunState): string {
  const failed = steps.find(({ status }) => status === 'undo-failed');
  if (failed !== undefined) {
    const why = failed.error === null ? '' : ` ${failed.error.message}`;
    return `${failed.plan.title} could not be taken back.${why} To try once more: lastgood roll-forward ${started?.runId ?? ''} --retry --yes`;
  }
  const blind = steps.find(({ status }) => status === 'unknown');
  return blind === undefined
    ? 'a step is under way.'
    : `${blind.plan.title} cannot be looked at: ${blind.looked?.facts ?? 'nobody has looked yet.'}`;
}
