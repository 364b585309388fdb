import { AppError } from '../../shared/errors/app-error.js';
import type { LogSource, RunSummary } from '../../shared/ipc/views.js';
import type { StepId } from '../../shared/plan/planned-step.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunId, RunKind, RunRecord } from '../../shared/run/events.js';
import { emptyRun, reduce } from '../../shared/run/reduce.js';
import { busyStep, isExecuting, unknownSteps } from '../../shared/run/select.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import { createConnectionPool } from '../connections/connection-pool.js';
import type { Journal } from '../engine/journal.js';
import { LogStore } from '../logs/log-store.js';
import type { Clock } from './clock.js';
import type { EnvironmentSource } from './environments.js';
import { LiveRun } from './live-run.js';
import type { RunEvents } from './run-events.js';
import type { RunFiles } from './run-files.js';
import { summarize } from './summarize.js';

export type RunServiceDeps = {
  readonly files: RunFiles;
  readonly environments: EnvironmentSource;
  /** RUNBOOK_NOT_FOUND when there is none of that id. */
  readonly runbook: (id: string) => Runbook;
  readonly operator: () => string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly events: RunEvents;
  readonly redact: (text: string) => string;
  readonly onFault: (thrown: unknown) => void;
  /** Overrides the length of every watch; null leaves it to runbook and environment. */
  readonly watchSeconds: number | null;
};

export type StartRun = {
  readonly runbookId: string;
  readonly environment: string;
  readonly procedureId: string;
  readonly kind: RunKind;
  readonly faults: readonly string[];
};

/** Every run of this console: those on disk, and those this process drives. */
export class RunService {
  readonly #deps: RunServiceDeps;
  readonly #live = new Map<RunId, LiveRun>();

  constructor(deps: RunServiceDeps) {
    this.#deps = deps;
  }

  /** RUN_ALREADY_OPEN names the run that is still open for the same service and environment. */
  async start(request: StartRun): Promise<RunId> {
    const { clock, environments, files, operator, appVersion } = this.#deps;
    const runbook = this.#deps.runbook(request.runbookId);
    const listed = environments.list(runbook).find(({ name }) => name === request.environment);
    if (request.kind === 'incident' && listed?.tier === 'practice') {
      throw new AppError('RUN_KIND_REFUSED', 'The range holds drills only: nothing in it is real.');
    }
    if (!runbook.procedures.some(({ id }) => id === request.procedureId)) {
      throw new AppError(
        'PROCEDURE_UNKNOWN',
        `${runbook.id} has no procedure ${request.procedureId}.`,
      );
    }
    await this.#refuseSecond(runbook, request.environment);
    const environment = await environments.open(runbook, request.environment, {
      isNewRun: true,
      faults: request.faults,
    });
    const { runId, journal } = await files.create();
    const [record] = await journal.append([
      {
        v: 1,
        runId,
        seq: 0,
        at: clock.now(),
        monotonicMs: clock.monotonicMs(),
        session: clock.session,
        event: {
          type: 'run.started',
          kind: request.kind,
          operator: operator(),
          appVersion,
          runbook,
          environment,
          procedureId: request.procedureId,
          faults: [...request.faults],
        },
      },
    ]);
    await this.#attach(runId, journal, record === undefined ? [] : [record]);
    return runId;
  }

  /** Takes up a run that was left behind. What was under way becomes unknown and is looked at; nothing is done. */
  async resume(runId: RunId): Promise<void> {
    if (this.#live.has(runId)) {
      return;
    }
    const { journal, contents } = await this.#deps.files.open(runId);
    const { started, phase } = contents.records.reduce(reduce, emptyRun);
    if (started === null || phase === 'closed') {
      await journal.close();
      throw new AppError('RUN_COMMAND_REFUSED', 'This run is closed.');
    }
    const { runbook, environment, faults } = started;
    await this.#deps.environments.open(runbook, environment.name, { isNewRun: false, faults });
    const live = await this.#attach(runId, journal, contents.records);
    await live.engine.resume(this.#deps.operator(), this.#deps.appVersion);
    for (const { plan } of unknownSteps(live.state)) {
      await live.engine.look(plan.id);
    }
  }

  async read(runId: RunId, fromSeq: number): Promise<readonly RunRecord[]> {
    const { records } = await this.#deps.files.read(runId);
    return records.slice(fromSeq);
  }

  live(runId: RunId): LiveRun | null {
    return this.#live.get(runId) ?? null;
  }

  async command(runId: RunId, command: RunCommand): Promise<void> {
    await this.mustBeLive(runId).command(command);
  }

  async look(runId: RunId, stepId: StepId): Promise<void> {
    await this.mustBeLive(runId).engine.look(stepId);
  }

  /** The log of a live run, or that of a run that only lies on disk. */
  async withLog<T>(
    runId: RunId,
    source: LogSource,
    use: (log: LogStore) => Promise<T>,
  ): Promise<T> {
    const live = this.#live.get(runId);
    if (live !== undefined) {
      return use(live.logs[source]);
    }
    const log = await LogStore.open(this.#deps.files.logFolderOf(runId), source);
    return use(log).finally(() => log.close());
  }

  /** Every run on disk that can be read, newest first. */
  async list(): Promise<readonly RunSummary[]> {
    const ids = await this.#deps.files.list();
    const summaries = await Promise.all(ids.map((runId) => this.#summary(runId)));
    return summaries
      .flatMap((summary) => summary ?? [])
      .toSorted((left, right) => right.startedAt.localeCompare(left.startedAt));
  }

  /** What quitting now would leave in the middle of a change; null when nothing. */
  quitRisk(): { readonly message: string; readonly detail: string } | null {
    const state = [...this.#live.values()].map((live) => live.state).find(isExecuting);
    if (state === undefined) {
      return null;
    }
    const busy = busyStep(state);
    const service = state.started?.runbook.service.name ?? 'A run';
    return {
      message: `${service} is in the middle of a rollback.`,
      detail:
        busy === undefined
          ? 'Nothing is running right now. The run can be continued when Lastgood is opened again.'
          : `${busy.plan.title} is running. Quitting does not stop it, and its outcome will be unknown.`,
    };
  }

  /** Every run this process drives is told, so that its journal can say why nobody looked. */
  noteSleep(type: 'machine.suspended' | 'machine.resumed'): void {
    for (const live of this.#live.values()) {
      live.noteSleep(type);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.dispose()));
    this.#live.clear();
  }

  mustBeLive(runId: RunId): LiveRun {
    const live = this.#live.get(runId);
    if (live === undefined) {
      throw new AppError(
        'RUN_NOT_ATTACHED',
        'Continue this run first: nothing has touched it since it was left.',
      );
    }
    return live;
  }

  async #attach(runId: RunId, journal: Journal, history: readonly RunRecord[]): Promise<LiveRun> {
    const { started } = history.reduce(reduce, emptyRun);
    if (started === null) {
      throw new AppError('JOURNAL_BROKEN', 'The journal does not begin with its run.');
    }
    const { clock, events, redact, onFault } = this.#deps;
    const folder = this.#deps.files.logFolderOf(runId);
    const live = new LiveRun({
      runId,
      started,
      journal,
      history,
      clock,
      redact,
      onFault,
      pool: createConnectionPool(started.environment),
      logs: {
        step: await LogStore.open(folder, 'step'),
        service: await LogStore.open(folder, 'service'),
      },
      events,
      watchSeconds:
        this.#deps.watchSeconds ??
        started.environment.watchSeconds ??
        started.runbook.watch.seconds,
    });
    this.#live.set(runId, live);
    live.react();
    return live;
  }

  async #refuseSecond(runbook: Runbook, environment: string): Promise<void> {
    const open = (await this.list()).find(
      (run) =>
        run.outcome === null &&
        run.service === runbook.service.name &&
        run.environment === environment,
    );
    if (open !== undefined) {
      throw new AppError(
        'RUN_ALREADY_OPEN',
        `Run ${open.runId} of ${open.service} on ${open.environment}, started ${open.startedAt}, is still open.`,
      );
    }
  }

  async #summary(runId: RunId): Promise<RunSummary | null> {
    const now = this.#deps.clock.moment();
    const live = this.#live.get(runId);
    if (live !== undefined) {
      return summarize(live.state, now, true);
    }
    const contents = await this.#deps.files.read(runId).catch(() => null);
    return contents === null
      ? null
      : summarize(contents.records.reduce(reduce, emptyRun), now, false);
  }
}
