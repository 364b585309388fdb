import { AppError, toErrorJson } from '../../../shared/errors/app-error.js';
import type { StepState } from '../../../shared/run/state.js';
import type { Connections, HostPort, JobId } from '../../connections/ports.js';
import type { Patience } from '../patience.js';
import type { AnyStepKind, Observation, ScriptedKind, StepContext } from '../step-kind.js';
import type { LeftStepWork, PartOutcome, StepWork, StepWorkSight } from '../step-work.js';
import { carryOut, followToEnd, outcomeOnHost, sightOf } from './host-work.js';
import type { HostWork } from './host-work.js';

export type ScriptedRunnerDeps = {
  readonly runId: string;
  readonly kindOf: (kind: string) => AnyStepKind;
  readonly connections: Connections;
  readonly emit: (stepId: string, line: string) => void;
  readonly patience: Patience;
  readonly contextOf: (step: StepState, signal: AbortSignal) => StepContext;
};

/** Steps that act by scripts on a host: alone or together, they are detached work that is followed and picked up again. */
export class ScriptedRunner {
  readonly #deps: ScriptedRunnerDeps;

  constructor(deps: ScriptedRunnerDeps) {
    this.#deps = deps;
  }

  /** Those on the same host as the same account, from the first on. */
  count(steps: readonly StepState[]): number {
    const places = steps.map((step) => this.#placeOf(step));
    const [first] = places;
    if (first === undefined || first === null) {
      return 0;
    }
    const other = places.findIndex((place) => place !== first);
    return other === -1 ? steps.length : other;
  }

  async act({ job, parts, onEnd }: StepWork, signal: AbortSignal): Promise<void> {
    const [first] = parts;
    if (first === undefined) {
      return;
    }
    const kind = this.#kindOf(first.step);
    const ids = new Map(parts.map(({ step }) => [String(step.plan.id), step.plan.id]));
    const work: HostWork = {
      port: this.#portOf(kind, first.step),
      id: this.#jobId(job),
      as: kind.runAs(first.step.plan.params),
      parts: parts.map(({ step, before }) => ({
        name: step.plan.id,
        script: this.#kindOf(step).script(step.plan.params, before),
      })),
      emit: this.#deps.emit,
      onEnd: (part, outcome) => {
        const stepId = ids.get(part);
        if (stepId !== undefined) {
          onEnd({ stepId, ...outcome });
        }
      },
    };
    await this.#deps.patience.forBeginning(() => carryOut(work, signal), signal);
  }

  /** What the host says of work that this console did not see the end of. */
  async lookAt({ job, steps }: LeftStepWork, signal: AbortSignal): Promise<StepWorkSight> {
    const [first] = steps;
    if (first === undefined) {
      return { status: 'absent', ends: [] };
    }
    const kind = this.#kindOf(first);
    const as = kind.runAs(first.plan.params);
    const port = this.#portOf(kind, first);
    const seal = () => port.seal(this.#jobId(job), as, signal);
    const state = await this.#deps.patience.forReading(seal, signal);
    const sight = sightOf(
      state,
      steps.map(({ plan }) => plan.id),
    );
    return {
      status: sight.status,
      ends: steps.flatMap(({ plan: { id: stepId } }) => {
        const end = sight.ends.get(stepId);
        return end === undefined ? [] : [{ stepId, ...end }];
      }),
    };
  }

  async follow(
    { job, steps, onEnd }: LeftStepWork & Pick<StepWork, 'onEnd'>,
    signal: AbortSignal,
  ): Promise<void> {
    const [first] = steps;
    if (first === undefined) {
      return;
    }
    const kind = this.#kindOf(first);
    const ids = new Map(steps.map(({ plan }) => [String(plan.id), plan.id]));
    this.#deps.emit(first.plan.id, '(still under way; what it printed, from its beginning)');
    await followToEnd(
      {
        port: this.#portOf(kind, first),
        id: this.#jobId(job),
        parts: steps.map(({ plan }) => plan.id),
        emit: this.#deps.emit,
        onEnd: (part, outcome) => {
          const stepId = ids.get(part);
          if (stepId !== undefined) {
            onEnd({ stepId, ...outcome });
          }
        },
      },
      signal,
    );
  }

  /** What its work on the host says; where that is silent, what the kind itself sees. */
  async observe(kind: ScriptedKind, step: StepState, signal: AbortSignal): Promise<Observation> {
    const said = step.job === null ? null : await this.#outcome(kind, step, step.job, signal);
    // A good end proves something only while nothing was done since: a step that was taken back ended well once, too.
    const isOpen = step.status === 'unknown' || step.status === 'running';
    if (isOpen && isDone(said)) {
      return {
        isDone: true,
        facts: said.summary === '' ? 'It ended well on the host.' : said.summary,
      };
    }
    const seen = await kind.observe(step.plan.params, this.#deps.contextOf(step, signal));
    return isOpen ? { isDone: seen.isDone, facts: wordsOf(said) + seen.facts } : seen;
  }

  /** Each try is work of its own; one that may still go on is followed to its end before another is begun. */
  async undo(kind: ScriptedKind, step: StepState, signal: AbortSignal): Promise<string> {
    const { plan, before, undoAttempt, job, status } = step;
    if (job !== null) {
      // Taking back what still goes on would race with it.
      await this.#outcome(kind, step, job, signal);
    }
    // Only of one whose end nobody knows: one that ended well was for what had been done before it.
    const earlier =
      undoAttempt === 0 || status !== 'undo-failed'
        ? null
        : await this.#outcome(kind, step, undoName(step, undoAttempt), signal);
    if (isDone(earlier)) {
      return earlier.summary;
    }
    const ends: PartOutcome[] = [];
    const work: HostWork = {
      port: this.#portOf(kind, step),
      id: this.#jobId(undoName(step, undoAttempt + 1)),
      as: kind.runAs(plan.params),
      parts: [{ name: plan.id, script: kind.undoScript(plan.params, before) }],
      emit: this.#deps.emit,
      onEnd: (_part, outcome) => ends.push(outcome),
    };
    await this.#deps.patience.forBeginning(() => carryOut(work, signal), signal);
    const [end] = ends;
    if (end?.status !== 'done') {
      throw end?.status === 'failed'
        ? AppError.fromJson(end.error)
        : new AppError('STEP_WORK_LOST', 'Taking back ended on the host without saying how.');
    }
    return end.summary;
  }

  /** What was kept for undo alone goes. One sentence for each thing, also for what could not be taken away. */
  async closeUp(steps: readonly StepState[], signal: AbortSignal): Promise<readonly string[]> {
    const said: string[] = [];
    for (const step of steps) {
      const kind = this.#deps.kindOf(step.plan.kind);
      const script =
        'script' in kind && step.attempt > 0 && step.status === 'succeeded'
          ? kind.closeScript(step.plan.params, step.before)
          : null;
      if ('script' in kind && script !== null) {
        said.push(await this.#close(kind, step, script, signal));
      }
    }
    return said;
  }

  async #close(
    kind: ScriptedKind,
    step: StepState,
    script: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { id: name, title, params } = step.plan;
    const ends: PartOutcome[] = [];
    const work: HostWork = {
      port: this.#portOf(kind, step),
      id: this.#jobId(`${name}-close`),
      as: kind.runAs(params),
      parts: [{ name, script }],
      emit: this.#deps.emit,
      onEnd: (_part, outcome) => ends.push(outcome),
    };
    try {
      await this.#deps.patience.forBeginning(() => carryOut(work, signal), signal);
    } catch (thrown) {
      return `${title}: what was kept for taking it back stays on ${kind.hostOf(params)}: ${toErrorJson(thrown).message}`;
    }
    const [end] = ends;
    return end?.status === 'done'
      ? `${title}: ${end.summary}`
      : `${title}: what was kept for taking it back stays on ${kind.hostOf(params)}${end?.status === 'failed' ? `: ${end.error.message}` : '.'}`;
  }

  #outcome(
    kind: ScriptedKind,
    step: StepState,
    job: string,
    signal: AbortSignal,
  ): Promise<PartOutcome | 'lost' | null> {
    const emit = (line: string): void => {
      this.#deps.emit(step.plan.id, line);
    };
    const port = this.#portOf(kind, step);
    return this.#deps.patience.forReading(
      () => outcomeOnHost(port, this.#jobId(job), step.plan.id, emit, signal),
      signal,
    );
  }

  /** Null for a kind that acts by itself. */
  #placeOf({ plan }: StepState): string | null {
    const kind = this.#deps.kindOf(plan.kind);
    return 'script' in kind
      ? JSON.stringify([kind.hostOf(plan.params), kind.runAs(plan.params)])
      : null;
  }

  #kindOf({ plan }: StepState): ScriptedKind {
    const kind = this.#deps.kindOf(plan.kind);
    if (!('script' in kind)) {
      throw new Error(`${plan.kind} is done by no script.`);
    }
    return kind;
  }

  #portOf(kind: ScriptedKind, { plan }: StepState): HostPort {
    return this.#deps.connections.host(kind.hostOf(plan.params));
  }

  #jobId(name: string): JobId {
    return { runId: this.#deps.runId, name };
  }
}

const undoName = ({ plan }: StepState, attempt: number): string =>
  `${plan.id}-undo-${String(attempt)}`;

function isDone(
  said: PartOutcome | 'lost' | null,
): said is Extract<PartOutcome, { status: 'done' }> {
  return said !== null && said !== 'lost' && said.status === 'done';
}

function wordsOf(said: PartOutcome | 'lost' | null): string {
  if (said === null) {
    return '';
  }
  if (said === 'lost') {
    return 'The work on the host ended without a word. ';
  }
  switch (said.status) {
    case 'done':
      return '';
    case 'failed':
      return `The work on the host failed: ${said.error.message} `;
    case 'not-begun':
      return 'Its part of the work on the host was never begun. ';
  }
}
