import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import type { Connections, HostPort } from '../../../../../main/connections/ports.js';
import type { StepEnd } from '../../../../../main/engine/step-runner-port.js';
import { kindOf } from '../../../../../main/steps/registry.js';
import { createStepRunner } from '../../../../../main/steps/step-runner.js';
import { AppError } from '../../../../../shared/errors/app-error.js';
import type { Json } from '../../../../../shared/json.js';
import type { StepState } from '../../../../../shared/run/state.js';
import { LocalLine } from '../../../../fakes/local-line.js';
import { MemoryVault } from '../../../../fakes/memory-vault.js';
import { FakeHttp } from '../../../../fakes/fake-http.js';
import { noDatabase } from '../../../../fakes/no-database.js';
import { planned } from '../../../../fakes/sample-run.js';

export const { signal } = new AbortController();
export const run = '7f3a0000-0000-4000-8000-000000000001';

export type Bench = ReturnType<typeof scriptBench>;

export type BenchOptions = {
  readonly sh?: string;
  readonly user?: string;
  /** Replaces what a step may reach, given the host. */
  readonly reach?: (host: HostPort) => Partial<Connections>;
};

/** Steps as the engine carries them out, by the real host port, in this machine's real shell. */
export function scriptBench({ sh = '/bin/dash', user, reach }: BenchOptions = {}) {
  const line = new LocalLine({ sh, ...(user === undefined ? {} : { user }) });
  onTestFinished(() => {
    line.remove();
  });
  const port: HostPort = createHostAdapter(line, {
    name: 'app-1',
    questions: { ask: () => Promise.reject(new Error('Nobody is asked here.')) },
    cancelGraceSeconds: 1,
  });
  const said: string[] = [];
  const http = new FakeHttp();
  const runner = createStepRunner({
    runId: run,
    kindOf,
    vault: new MemoryVault(),
    connections: {
      swarm: () => {
        throw new Error('There is no swarm here.');
      },
      docker: (engine) => {
        throw new AppError('ENVIRONMENT_UNKNOWN', `There is no engine ${engine}.`);
      },
      host: () => port,
      http,
      registryLogin: () => Promise.resolve(null),
      ...noDatabase,
      ...reach?.(port),
    },
    emit: (_stepId, text) => said.push(text),
    kept: () => Promise.resolve(),
    delay: (milliseconds) => sleep(milliseconds / 10),
  });
  let steps = 0;
  let jobs = 0;
  const step = (kind: string, params: Json) => {
    steps += 1;
    const id = `${kind.replace('.', '-')}-${String(steps)}`;
    return new BenchStep(runner, id, kind, params, () => `job-${String((jobs += 1))}`);
  };
  return {
    line,
    port,
    runner,
    http,
    said,
    step,
    home: line.home,
    at: (...path: string[]) => join(line.home, ...path),
  };
}

/** One step of a plan, by hand: the engine's part is played by the test. */
export class BenchStep {
  state: StepState;
  #captured: Json | null = null;
  /** Of the last act, where that was one. */
  lastJob: string | null = null;
  readonly #runner: ReturnType<typeof createStepRunner>;
  readonly #nextJob: () => string;

  constructor(
    runner: ReturnType<typeof createStepRunner>,
    id: string,
    kind: string,
    params: Json,
    nextJob: () => string,
  ) {
    this.#runner = runner;
    this.#nextJob = nextJob;
    this.state = {
      plan: planned(id, { kind, params, risk: kindOf(kind).risk }),
      status: 'approved',
      attempt: 0,
      before: null,
      job: null,
      announced: 0,
      undoAttempt: 0,
      error: null,
      summary: '',
      wasAlready: false,
      isStopRequested: false,
      overdue: null,
      keptWaitingAt: null,
      looked: null,
      startedAt: null,
      endedAt: null,
    };
  }

  /** Captures unless this is a retry, acts, and says how it ended. Throws where it failed. */
  async act(
    stop: AbortSignal = signal,
  ): Promise<{ readonly summary: string; readonly wasAlready: boolean }> {
    const before =
      this.#captured ??
      (this.state.attempt > 0 ? this.state.before : await this.#runner.capture(this.state, signal));
    const isScripted = this.#runner.countTogether([this.state]) === 1;
    const step = { ...this.state, before };
    this.state = { ...step, attempt: step.attempt + 1 };
    if (!isScripted) {
      return { summary: await this.#runner.act(step, before, stop), wasAlready: false };
    }
    const ends: StepEnd[] = [];
    const parts = [{ step, before }];
    const job = this.#nextJob();
    this.lastJob = job;
    const onEnd = (end: StepEnd): void => {
      ends.push(end);
    };
    await this.#runner.actTogether({ job, parts, onEnd }, stop);
    const [end] = ends;
    if (end?.status === 'done') {
      return { summary: end.summary, wasAlready: end.wasAlready };
    }
    throw end?.status === 'failed' ? AppError.fromJson(end.error) : new Error('It has no end.');
  }

  /** As for an approval. */
  foresee() {
    return this.#runner.foresee(this.state, signal);
  }

  /** What is seen now is what `act` will take to be before it, whatever happens until then. */
  async capture(): Promise<Json> {
    this.#captured = await this.#runner.capture(this.state, signal);
    return this.#captured;
  }

  /** As when the run is closed after it ended well. */
  closeUp(): Promise<readonly string[]> {
    return this.#runner.closeUp([{ ...this.state, status: 'succeeded' }], signal);
  }

  /** As a console that was away finds it: nobody knows how it ended. */
  forget(): void {
    this.state = { ...this.state, status: 'unknown', job: this.lastJob };
  }

  look() {
    return this.#runner.observe(this.state, signal);
  }

  async undo(): Promise<string> {
    const summary = await this.#runner.undo(this.state);
    this.state = { ...this.state, undoAttempt: this.state.undoAttempt + 1 };
    return summary;
  }

  /** As after a crash in the middle of taking it back: nobody knows how that ended. */
  async undoAgain(): Promise<string> {
    this.state = { ...this.state, undoAttempt: this.state.undoAttempt + 1 };
    return this.undo();
  }
}
