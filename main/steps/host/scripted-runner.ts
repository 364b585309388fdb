import { AppError, toErrorJson } from '../../../shared/errors/app-error.js';
import type { StepState } from '../../../shared/run/state.js';
import type { Connections, JobId } from '../../connections/ports.js';
import type { Patience } from '../patience.js';
import type { AnyStepKind, JobSite, Observation, ScriptedKind, StepContext } from '../step-kind.js';
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

/** Steps that act by scripts: alone or together, they are detached work that is followed and picked up again. */
export class ScriptedRunner {
  readonly #deps: ScriptedRunnerDeps;

  constructor(deps: ScriptedRunnerDeps) {
    this.#deps = deps;
  }

  /** Those at the same site, from the first on. */
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
    const site = await this.#siteOf(kind, first.step, signal);
    const ids = new Map(parts.map(({ step }) => [String(step.plan.id), step.plan.id]));
    const work: HostWork = {
      port: site.port,
      id: this.#jobId(job),
      as: site.as,
      secrets: await site.secrets(signal),
      parts: parts.map(({ step: { plan }, step, before }) => {
        const { saysLittle, script } = this.#kindOf(step);
        return { name: plan.id, script: script(plan.params, before, site), saysLittle };
      }),
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
    const { port, as } = await this.#siteOf(kind, first, signal);
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
    const site = await this.#siteOf(kind, first, signal);
    const ids = new Map(steps.map(({ plan }) => [String(plan.id), plan.id]));
    this.#deps.emit(first.plan.id, '(still under way; what it printed, from its beginning)');
    await followToEnd(
      {
        port: site.port,
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
    const context = this.#deps.contextOf(step, signal);
    const seen = await kind.observe(step.plan.params, context, step.before);
    return isOpen ? { isDone: seen.isDone, facts: wordsOf(said) + seen.facts } : seen;
  }

  /** Each try is work of its own; one that may still go on is followed to its end before another is begun. */
  async undo(kind: ScriptedKind, step: StepState, signal: AbortSignal): Promise<string> {
    const { plan, before, undoAttempt, job, status } = step;
    if (job !== null) {
      // Taking back what still goes on would race with it.
      await this.#outcome(kind, step, job, signal);
    }
    const site = await this.#siteOf(kind, step, signal);
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
      port: site.port,
      id: this.#jobId(undoName(step, undoAttempt + 1)),
      as: site.as,
      secrets: await site.secrets(signal),
      parts: [
        {
          name: plan.id,
          script: kind.undoScript(plan.params, before, site),
          saysLittle: kind.saysLittle,
        },
      ],
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
    const stays = `${title}: what was kept for taking it back stays on ${kind.siteName(params)}`;
    const ends: PartOutcome[] = [];
    try {
      const site = await this.#siteOf(kind, step, signal);
      const work: HostWork = {
        port: site.port,
        id: this.#jobId(`${name}-close`),
        as: site.as,
        secrets: [],
        parts: [{ name, script }],
        emit: this.#deps.emit,
        onEnd: (_part, outcome) => ends.push(outcome),
      };
      await this.#deps.patience.forBeginning(() => carryOut(work, signal), signal);
    } catch (thrown) {
      return `${stays}: ${toErrorJson(thrown).message}`;
    }
    const [end] = ends;
    return end?.status === 'done'
      ? `${title}: ${end.summary}`
      : `${stays}${end?.status === 'failed' ? `: ${end.error.message}` : '.'}`;
  }

  async #outcome(
    kind: ScriptedKind,
    step: StepState,
    job: string,
    signal: AbortSignal,
  ): Promise<PartOutcome | 'lost' | null> {
    const emit = (line: string): void => {
      this.#deps.emit(step.plan.id, line);
    };
    const { port } = await this.#siteOf(kind, step, signal);
    return this.#deps.patience.forReading(
      () => outcomeOnHost(port, this.#jobId(job), step.plan.id, emit, signal),
      signal,
    );
  }

  /** Null for a kind that acts by itself. */
  #placeOf({ plan }: StepState): string | null {
    const kind = this.#deps.kindOf(plan.kind);
    return 'script' in kind ? kind.siteName(plan.params) : null;
  }

  #kindOf({ plan }: StepState): ScriptedKind {
    const kind = this.#deps.kindOf(plan.kind);
    if (!('script' in kind)) {
      throw new Error(`${plan.kind} is done by no script.`);
    }
    return kind;
  }

  #siteOf(kind: ScriptedKind, { plan }: StepState, signal: AbortSignal): Promise<JobSite> {
    return kind.site(plan.params, this.#deps.connections, signal);
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
