import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { losesOutcome } from '../../shared/errors/error-texts.js';
import type { RunCommand } from '../../shared/run/commands.js';
import { decide } from '../../shared/run/decide.js';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { nextAction, recover } from '../../shared/run/next-action.js';
import type { NextAction } from '../../shared/run/next-action.js';
import { approvedFrom, stepById } from '../../shared/run/select.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import { followWork, hearOfWork } from './left-work.js';
import { takeLooks } from './looks.js';
import { prepareStep } from './prepare-step.js';
import { RunRecorder } from './run-recorder.js';
import type { RecorderDeps } from './run-recorder.js';
import type { StepRunner } from './step-runner-port.js';
import { runTogether } from './together.js';
import type { TogetherDeps } from './together.js';

export type EngineDeps = RecorderDeps & {
  readonly runner: StepRunner;
  /** A fault of our own: it is logged, and the outcome of what was running is not taken for known. */
  readonly onFault: (thrown: unknown) => void;
};

/** Drives one run. The rules live in shared/run; this file does the I/O they ask for, in order. */
export class RunEngine {
  readonly #deps: EngineDeps;
  readonly #recorder: RunRecorder;
  #pump: Promise<void> | null = null;
  #following: Promise<void> | null = null;
  #running: { readonly stepIds: readonly string[]; readonly controller: AbortController } | null =
    null;

  constructor(deps: EngineDeps, history: readonly RunRecord[]) {
    this.#deps = deps;
    this.#recorder = new RunRecorder(deps, history);
  }

  get state(): RunState {
    return this.#recorder.state;
  }

  /** Resolves once the command is on disk, not once the step is done; progress arrives by `publish`. */
  async dispatch(command: RunCommand): Promise<void> {
    await this.#recorder.record((state) => decide(state, command));
    if (command.type === 'stop' && this.#running?.stepIds.includes(command.stepId) === true) {
      this.#running.controller.abort();
    }
    this.#wake();
  }

  /** Records what was measured or found out. `choose` sees the state under the lock and may say nothing. */
  async note(choose: (state: RunState) => readonly RunEvent[]): Promise<void> {
    await this.#recorder.record(choose);
    this.#wake();
  }

  /** Called when the operator continues a run that was left behind. Starting the console never calls it. */
  async resume(operator: string, appVersion: string): Promise<void> {
    await this.note((state) => [{ type: 'run.resumed', operator, appVersion }, ...recover(state)]);
  }

  /** Looks at a step whose outcome is unknown. Reads only. */
  async look(stepId: string): Promise<void> {
    const step = stepById(this.state, stepId);
    if (step?.status !== 'unknown') {
      const message = 'Only a step with an unknown outcome is looked at.';
      throw new AppError('RUN_COMMAND_REFUSED', message);
    }
    await this.#look(step);
    this.#wake();
  }

  /** Resolves when nothing more happens without the operator. */
  async idle(): Promise<void> {
    for (;;) {
      const busy = this.#pump ?? this.#following;
      if (busy === null) {
        return;
      }
      await busy;
    }
  }

  /** Starts nothing more. What is under way on the other side is left alone and will be unknown. */
  dispose(): Promise<void> {
    return this.#recorder.dispose();
  }

  #wake(): void {
    this.#pump ??= this.#drain().catch((thrown: unknown) => {
      this.#pump = null;
      this.#deps.onFault(thrown);
    });
  }

  async #drain(): Promise<void> {
    for (;;) {
      const action = await this.#take();
      switch (action.type) {
        case 'wait':
          return;
        case 'record':
          await this.#recorder.recordSurely((state) => {
            const again = nextAction(state);
            return again.type === 'record' ? [again.event] : [];
          });
          break;
        case 'look':
          await this.#look(action.step);
          break;
        case 'run':
          await this.#run(action.step);
          break;
        case 'undo':
          await this.#undo(action.step);
          break;
      }
    }
  }

  /** Inside the lock, so that a command recorded a moment later is sure to wake a new pump. */
  #take(): Promise<NextAction> {
    return this.#recorder.exclusive((state) => {
      const action: NextAction = this.#recorder.isDisposed ? { type: 'wait' } : nextAction(state);
      if (action.type === 'wait') {
        this.#pump = null;
      }
      return Promise.resolve(action);
    });
  }

  async #run(step: StepState): Promise<void> {
    const { runner } = this.#deps;
    const approved = approvedFrom(this.state, step);
    const together = approved.slice(0, runner.countTogether(approved));
    if (together.length > 0) {
      return this.#attend(together, (signal) => runTogether(this.#workDeps(), together, signal));
    }
    const looks = approved.slice(0, runner.countLooks(approved));
    return looks.length > 0
      ? this.#attend(looks, (signal) => takeLooks(this.#workDeps(), looks, signal))
      : this.#change(step);
  }

  /** While `work` is under way, the operator's word to stop reaches it. */
  async #attend(
    steps: readonly StepState[],
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    this.#running = { stepIds: steps.map(({ plan }) => plan.id), controller };
    await work(controller.signal).finally(() => {
      this.#running = null;
    });
  }

  #workDeps(look = (step: StepState) => this.#look(step)): TogetherDeps {
    const { runner } = this.#deps;
    const toErrorJson = (thrown: unknown): ErrorJson => this.#toErrorJson(thrown);
    return { recorder: this.#recorder, runner, toErrorJson, look };
  }

  async #change(step: StepState): Promise<void> {
    const { id: stepId } = step.plan;
    const controller = new AbortController();
    let hasBegun = false;
    try {
      const prepared = await prepareStep(this.#deps.runner, step, controller.signal);
      if (prepared.is === 'already') {
        const { facts: summary } = prepared;
        await this.#ifNext(step, { type: 'step.succeeded', stepId, summary, wasAlready: true });
        return;
      }
      const { before } = prepared;
      this.#running = { stepIds: [stepId], controller };
      const attempt = step.attempt + 1;
      hasBegun = await this.#ifNext(step, { type: 'step.started', stepId, attempt, before });
      if (hasBegun) {
        const summary = await this.#deps.runner.act(step, before, controller.signal);
        await this.#say({ type: 'step.succeeded', stepId, summary, wasAlready: false });
      }
    } catch (thrown) {
      await this.#settleFailure(step, this.#toErrorJson(thrown), hasBegun);
    } finally {
      this.#running = null;
    }
  }

  async #settleFailure(step: StepState, error: ErrorJson, hasBegun: boolean): Promise<void> {
    const { id: stepId } = step.plan;
    if (!hasBegun || !losesOutcome(error.code)) {
      await this.#say({ type: 'step.failed', stepId, error });
      return;
    }
    await this.#say({ type: 'step.unknown', stepId, reason: error.message });
    await this.#look(step);
  }

  async #look(step: StepState): Promise<void> {
    const { job } = step;
    const heard = job === null ? 'unseen' : await hearOfWork(this.#workDeps(), step, job);
    if (heard === 'unseen') {
      await this.#observe(step);
    } else if (heard === 'running' && job !== null) {
      this.#follow(job);
    }
  }

  /** Beside the pump, which waits while the steps are under way. */
  #follow(job: string): void {
    const controller = new AbortController();
    const { steps } = this.state;
    const stepIds = steps.flatMap(({ plan, job: its }) => (its === job ? [plan.id] : []));
    this.#running = { stepIds, controller };
    const deps = this.#workDeps((step) => this.#observe(step));
    this.#following = followWork(deps, job, controller.signal)
      .catch((thrown: unknown) => {
        this.#deps.onFault(thrown);
      })
      .finally(() => {
        this.#running = null;
        this.#following = null;
        this.#wake();
      });
  }

  async #observe(step: StepState): Promise<void> {
    const { id: stepId } = step.plan;
    const looked = await this.#deps.runner.observe(step, new AbortController().signal).then(
      ({ isDone, facts }) => ({ isDone, facts }),
      (thrown: unknown) => ({ isDone: null, facts: this.#toErrorJson(thrown).message }),
    );
    await this.#recorder.recordSurely((state) =>
      stepById(state, stepId)?.status === 'unknown'
        ? [{ type: 'step.looked', stepId, ...looked }]
        : [],
    );
  }

  async #undo(step: StepState): Promise<void> {
    const { id: stepId } = step.plan;
    const hasBegun = await this.#ifNext(step, { type: 'undo.started', stepId });
    if (!hasBegun) {
      return;
    }
    const outcome = await this.#deps.runner.undo(step).then(
      (summary): RunEvent => ({ type: 'undo.succeeded', stepId, summary }),
      (thrown: unknown): RunEvent => ({
        type: 'undo.failed',
        stepId,
        error: this.#toErrorJson(thrown),
      }),
    );
    await this.#say(outcome);
  }

  async #say(event: RunEvent): Promise<void> {
    await this.#recorder.recordSurely(() => [event]);
  }

  /** Records only while the step is still the one to act on: a command may have come in meanwhile. */
  #ifNext(step: StepState, event: RunEvent): Promise<boolean> {
    return this.#recorder.recordSurely((state) => {
      const action = nextAction(state);
      const isStill =
        (action.type === 'run' || action.type === 'undo') && action.step.plan.id === step.plan.id;
      return isStill && (action.type === 'undo') === (event.type === 'undo.started') ? [event] : [];
    });
  }

  #toErrorJson(thrown: unknown): ErrorJson {
    if (!(thrown instanceof AppError)) {
      this.#deps.onFault(thrown);
    }
    return toErrorJson(thrown);
  }
}
