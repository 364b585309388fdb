import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import { losesOutcome } from '../../shared/errors/error-texts.js';
import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';
import type {
  LeftWork,
  StepEnd,
  StepRunner,
  TogetherWork,
  WorkSight,
} from '../../main/engine/step-runner-port.js';

/** A world of switches: a step's act turns its switch on, undo puts back what capture saw. Holds every act in order. */
export class FakeRunner implements StepRunner {
  readonly world = new Map<string, boolean>();
  readonly acts: string[] = [];
  readonly undos: string[] = [];
  /** What the next act or undo of a step ends in. Taken once. */
  readonly failures = new Map<
    string,
    { readonly when: 'before' | 'after'; readonly error: Error }
  >();
  /** Called in the middle of each act, so that a test can look at the disk or stop the world. */
  onAct: (stepId: string, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  /** Called between the look and the record that announces the act. */
  onCapture: (stepId: string) => Promise<void> = () => Promise.resolve();
  /** While it cannot be seen, nobody can look at it either. */
  isBlind = false;
  /** Steps of which nobody can tell by looking. */
  readonly cannotTell = new Set<string>();
  /** Steps of which the snapshot is only a place to look from. */
  readonly marking = new Set<string>();
  /** Steps that are done as detached work, together with those beside them. */
  readonly detached = new Set<string>();
  /** Every piece of detached work that was ever begun. */
  readonly jobs = new Set<string>();
  /** What each of them left written where it was done. */
  readonly ends = new Map<string, StepEnd[]>();
  /** Those that still go on when they are looked at, and those whose end nobody will ever know. */
  readonly goesOn = new Set<string>();
  readonly lost = new Set<string>();
  /** Those that were looked for, never found, and can begin no more. */
  readonly sealed = new Set<string>();
  /** Called while work is followed again. */
  onFollow: (job: string, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  #captures = 0;

  observe(step: StepState): Promise<{ isDone: boolean | null; facts: string }> {
    if (this.isBlind) {
      return Promise.reject(new AppError('DOCKER_UNREACHABLE', 'Nobody answers.'));
    }
    if (this.cannotTell.has(step.plan.id)) {
      return Promise.resolve({ isDone: null, facts: 'It cannot be told.' });
    }
    const isOn = this.#isOn(step);
    return Promise.resolve({
      isDone: isOn && step.plan.risk !== 'read',
      facts: isOn ? 'on' : 'off',
    });
  }

  /** No two snapshots are alike, as in a world that has been half changed in between. */
  async capture(step: StepState): Promise<Json> {
    this.#captures += 1;
    const snapshot = { wasOn: this.#isOn(step), snapshot: this.#captures };
    await this.onCapture(step.plan.id);
    return snapshot;
  }

  capturesAnew({ plan }: StepState): boolean {
    return this.marking.has(plan.id);
  }

  async act(step: StepState, _before: Json, signal: AbortSignal): Promise<string> {
    const id = step.plan.id;
    this.acts.push(id);
    const failure = this.failures.get(id);
    this.failures.delete(id);
    await this.onAct(id, signal);
    if (signal.aborted) {
      throw new AppError('STEP_STOPPED', 'Stopped by the operator.');
    }
    if (failure?.when === 'before') {
      throw failure.error;
    }
    this.world.set(id, true);
    if (failure !== undefined) {
      throw failure.error;
    }
    return `${id} is on`;
  }

  countLooks(steps: readonly StepState[]): number {
    const end = steps.findIndex(({ plan }) => plan.risk !== 'read');
    return end === -1 ? steps.length : end;
  }

  countTogether(steps: readonly StepState[]): number {
    const end = steps.findIndex(({ plan }) => !this.detached.has(plan.id));
    return end === -1 ? steps.length : end;
  }

  /** A host does the parts one after the other; a line that is lost leaves those behind it untold. */
  async actTogether({ job, parts, onEnd }: TogetherWork, signal: AbortSignal): Promise<void> {
    if (this.jobs.has(job)) {
      throw new Error(`${job} was begun twice.`);
    }
    this.jobs.add(job);
    const ends: StepEnd[] = [];
    this.ends.set(job, ends);
    let hasFailed = false;
    for (const [index, { step, before }] of parts.entries()) {
      const stepId = step.plan.id;
      if (hasFailed) {
        ends.push({ stepId, status: 'not-begun', reason: 'the one before it failed' });
      } else {
        ends.push(
          await this.#partOf(step, before, signal).catch((thrown: unknown) => {
            this.#leave(
              job,
              step,
              parts.slice(index + 1).map(({ step: behind }) => behind),
            );
            throw thrown;
          }),
        );
      }
      hasFailed = ends.at(-1)?.status === 'failed';
      ends.slice(-1).forEach(onEnd);
    }
  }

  /** The line is lost in the middle of a part. Where that was done its end is written all the same; nothing behind it begins. */
  #leave(job: string, step: StepState, behind: readonly StepState[]): void {
    const ends = this.ends.get(job) ?? [];
    const { id: stepId } = step.plan;
    if (this.#isOn(step)) {
      ends.push({ stepId, status: 'done', summary: `${stepId} is on`, wasAlready: false });
    } else {
      this.lost.add(job);
    }
    for (const { plan } of behind) {
      ends.push({ stepId: plan.id, status: 'not-begun', reason: 'the work ended before it' });
    }
  }

  /** As a host that keeps what its work left: every end that was ever written, whoever was there to see it. */
  lookAtWork({ job, steps }: LeftWork): Promise<WorkSight> {
    if (this.isBlind) {
      return Promise.reject(new AppError('HOST_UNREACHABLE', 'Nobody answers.'));
    }
    const ends = this.ends.get(job);
    if (ends === undefined) {
      this.sealed.add(job);
      return Promise.resolve({ status: 'absent', ends: [] });
    }
    const known = ends.filter(({ stepId }) => steps.some(({ plan }) => plan.id === stepId));
    const status = this.goesOn.has(job) ? 'running' : this.lost.has(job) ? 'lost' : 'ended';
    return Promise.resolve({ status, ends: known });
  }

  async followWork(
    { job, steps, onEnd }: LeftWork & Pick<TogetherWork, 'onEnd'>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.onFollow(job, signal);
    this.goesOn.delete(job);
    for (const end of this.ends.get(job) ?? []) {
      if (steps.some(({ plan }) => plan.id === end.stepId)) {
        onEnd(end);
      }
    }
  }

  async #partOf(step: StepState, before: Json, signal: AbortSignal): Promise<StepEnd> {
    const stepId = step.plan.id;
    try {
      const summary = await this.act(step, before, signal);
      return { stepId, status: 'done', summary, wasAlready: false };
    } catch (thrown) {
      if (thrown instanceof AppError && !losesOutcome(thrown.code)) {
        return { stepId, status: 'failed', error: toErrorJson(thrown) };
      }
      throw thrown;
    }
  }

  undo(step: StepState): Promise<string> {
    const id = step.plan.id;
    this.undos.push(id);
    const failure = this.failures.get(`undo ${id}`);
    this.failures.delete(`undo ${id}`);
    if (failure !== undefined) {
      return Promise.reject(failure.error);
    }
    if (step.before === null || typeof step.before !== 'object' || !('wasOn' in step.before)) {
      return Promise.reject(new AppError('STEP_DONE_BY_HAND', 'Nothing on record to restore.'));
    }
    this.world.set(id, step.before['wasOn'] === true);
    return Promise.resolve(`${id} is as before`);
  }

  #isOn(step: StepState): boolean {
    return this.world.get(step.plan.id) ?? false;
  }
}
