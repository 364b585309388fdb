import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import { losesOutcome } from '../../shared/errors/error-texts.js';
import type { RunCommand } from '../../shared/run/commands.js';
import { decide } from '../../shared/run/decide.js';
import type { RunEvent, RunId, RunRecord } from '../../shared/run/events.js';
import { nextAction, recover } from '../../shared/run/next-action.js';
import type { NextAction } from '../../shared/run/next-action.js';
import { emptyRun, reduce } from '../../shared/run/reduce.js';
import { stepById } from '../../shared/run/select.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import type { UnchainedRecord } from './journal.js';
import type { StepRunner } from './step-runner-port.js';

export type EngineDeps = {
  readonly runId: RunId;
  readonly runner: StepRunner;
  /** Must resolve only when the records are on disk: the remote side is touched right after. */
  readonly append: (records: readonly UnchainedRecord[]) => Promise<readonly RunRecord[]>;
  readonly publish: (record: RunRecord) => void;
  /** Called when the journal cannot be written (and with null when it can again). Nothing new is touched meanwhile. */
  readonly onHalt: (error: AppError | null) => void;
  /** A fault of our own inside the engine: nothing more is done, and it is logged. */
  readonly onFault: (thrown: unknown) => void;
  readonly clock: EngineClock;
  readonly session: string;
};

export type EngineClock = {
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly delay: (milliseconds: number) => Promise<void>;
};

const JOURNAL_RETRY_MS = 1_000;

/** Drives one run. The rules live in shared/run; this file does the I/O they ask for, in order. */
export class RunEngine {
  #state: RunState;
  #tail: Promise<unknown> = Promise.resolve();
  #pump: Promise<void> | null = null;
  #stop: { readonly stepId: string; readonly controller: AbortController } | null = null;
  #isDisposed = false;
  readonly #deps: EngineDeps;

  constructor(deps: EngineDeps, history: readonly RunRecord[]) {
    this.#deps = deps;
    this.#state = history.reduce(reduce, emptyRun);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Resolves once the command is on disk, not once the step is done; progress arrives by `publish`. */
  async dispatch(command: RunCommand): Promise<void> {
    await this.#exclusive(() => this.#record(decide(this.#state, command)));
    if (command.type === 'stop' && this.#stop?.stepId === command.stepId) {
      this.#stop.controller.abort();
    }
    this.#wake();
  }

  /** Records what was measured or found out. `choose` sees the state under the lock and may say nothing. */
  async note(choose: (state: RunState) => readonly RunEvent[]): Promise<void> {
    await this.#exclusive(async () => {
      const events = choose(this.#state);
      if (events.length > 0) {
        await this.#record(events);
      }
    });
    this.#wake();
  }

  /** Called when the operator continues a run that was left behind. Starting the console never calls it. */
  async resume(operator: string, appVersion: string): Promise<void> {
    await this.note((state) => [{ type: 'run.resumed', operator, appVersion }, ...recover(state)]);
  }

  /** Looks at a step whose outcome is unknown. Reads only. */
  async look(stepId: string): Promise<void> {
    const step = stepById(this.#state, stepId);
    if (step?.status !== 'unknown') {
      throw new AppError(
        'RUN_COMMAND_REFUSED',
        'Only a step with an unknown outcome is looked at.',
      );
    }
    await this.#look(step);
    this.#wake();
  }

  /** Resolves when nothing more happens without the operator. */
  async idle(): Promise<void> {
    while (this.#pump !== null) {
      await this.#pump;
    }
  }

  /** Starts nothing more. What is under way on the other side is left alone and will be unknown. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#exclusive(() => Promise.resolve());
  }

  #wake(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#pump ??= this.#drain().catch((thrown: unknown) => {
      this.#pump = null;
      this.#deps.onFault(thrown);
    });
  }

  async #drain(): Promise<void> {
    for (;;) {
      const action = await this.#exclusive(() => this.#take());
      switch (action.type) {
        case 'wait':
          return;
        case 'record':
          await this.#recordSurely((state) => {
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
    const action: NextAction = this.#isDisposed ? { type: 'wait' } : nextAction(this.#state);
    if (action.type === 'wait') {
      this.#pump = null;
    }
    return Promise.resolve(action);
  }

  async #run(step: StepState): Promise<void> {
    const { id: stepId } = step.plan;
    const controller = new AbortController();
    const { signal } = controller;
    let hasBegun = false;
    try {
      const observation = await this.#deps.runner.observe(step, signal);
      if (observation.isDone) {
        const { facts } = observation;
        await this.#recordSurely((state) =>
          isNext(state, step)
            ? [{ type: 'step.succeeded', stepId, summary: facts, wasAlready: true }]
            : [],
        );
        return;
      }
      // A retry keeps the first snapshot: a second one would picture our own half-done change.
      const before = step.attempt > 0 ? step.before : await this.#deps.runner.capture(step, signal);
      this.#stop = { stepId, controller };
      hasBegun = await this.#recordSurely((state) =>
        isNext(state, step)
          ? [{ type: 'step.started', stepId, attempt: step.attempt + 1, before }]
          : [],
      );
      if (hasBegun) {
        const summary = await this.#deps.runner.act(step, before, signal);
        await this.#recordSurely(() => [
          { type: 'step.succeeded', stepId, summary, wasAlready: false },
        ]);
      }
    } catch (thrown) {
      await this.#settleFailure(step, thrown, hasBegun);
    } finally {
      this.#stop = null;
    }
  }

  async #settleFailure(step: StepState, thrown: unknown, hasBegun: boolean): Promise<void> {
    const { id: stepId, risk } = step.plan;
    const error = this.#toErrorJson(thrown);
    if (!hasBegun || risk === 'read' || !losesOutcome(error.code)) {
      await this.#recordSurely(() => [{ type: 'step.failed', stepId, error }]);
      return;
    }
    await this.#recordSurely(() => [{ type: 'step.unknown', stepId, reason: error.message }]);
    await this.#look(step);
  }

  async #look(step: StepState): Promise<void> {
    const { id: stepId } = step.plan;
    const looked = await this.#deps.runner.observe(step, new AbortController().signal).then(
      ({ isDone, facts }) => ({ isDone, facts }),
      (thrown: unknown) => ({ isDone: null, facts: this.#toErrorJson(thrown).message }),
    );
    await this.#recordSurely((state) =>
      stepById(state, stepId)?.status === 'unknown'
        ? [{ type: 'step.looked', stepId, ...looked }]
        : [],
    );
  }

  async #undo(step: StepState): Promise<void> {
    const { id: stepId } = step.plan;
    const hasBegun = await this.#recordSurely((state) => {
      const again = nextAction(state);
      const isStill = again.type === 'undo' && again.step.plan.id === stepId;
      return isStill ? [{ type: 'undo.started', stepId }] : [];
    });
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
    await this.#recordSurely(() => [outcome]);
  }

  #toErrorJson(thrown: unknown): ReturnType<typeof toErrorJson> {
    if (!(thrown instanceof AppError)) {
      this.#deps.onFault(thrown);
    }
    return toErrorJson(thrown);
  }

  /** Runs one read-decide-write section at a time; two clicks can never both see the old state. */
  #exclusive<T>(section: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(section);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /**
   * For facts that must not be lost: waits for a disk that cannot be written and tries again, without holding the
   * lock meanwhile. False when, under the lock, there was nothing left to say.
   */
  async #recordSurely(choose: (state: RunState) => readonly RunEvent[]): Promise<boolean> {
    let isHalted = false;
    for (;;) {
      try {
        const said = await this.#exclusive(async () => {
          const events = choose(this.#state);
          await this.#record(events);
          return events.length > 0;
        });
        if (isHalted) {
          this.#deps.onHalt(null);
        }
        return said;
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'JOURNAL_WRITE_FAILED') {
          throw thrown;
        }
        if (this.#isDisposed) {
          throw thrown;
        }
        isHalted = true;
        this.#deps.onHalt(thrown);
        await this.#deps.clock.delay(JOURNAL_RETRY_MS);
      }
    }
  }

  async #record(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) {
      return;
    }
    const { runId, session, clock } = this.#deps;
    const records = await this.#deps.append(
      events.map((event, index) => ({
        v: 1,
        runId,
        seq: this.#state.lastSeq + 1 + index,
        at: clock.now(),
        monotonicMs: clock.monotonicMs(),
        session,
        event,
      })),
    );
    for (const record of records) {
      this.#state = reduce(this.#state, record);
      this.#deps.publish(record);
    }
  }
}

/** Whether the step is still the one to run: a command may have come in while it was being looked at. */
function isNext(state: RunState, step: StepState): boolean {
  const action = nextAction(state);
  return action.type === 'run' && action.step.plan.id === step.plan.id;
}
