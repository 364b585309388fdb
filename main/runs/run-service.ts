import { AppError } from '../../shared/errors/app-error.js';
import type { LogSource, RunSummary } from '../../shared/ipc/views.js';
import type { StepId } from '../../shared/plan/planned-step.js';
import { RunCommand } from '../../shared/run/commands.js';
import type { RunId } from '../../shared/run/events.js';
import { describeOwner } from '../../shared/run/owner-words.js';
import type { RunState } from '../../shared/run/state.js';
import { recover } from '../../shared/run/next-action.js';
import { stepById, unknownSteps } from '../../shared/run/select.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import type { HostOpener } from '../connections/connection-pool.js';
import type { Journal } from '../engine/journal.js';
import type { OpenedJournal } from '../engine/open-journal.js';
import { LogStore } from '../logs/log-store.js';
import type { Clock } from './clock.js';
import { mustBeOffered } from './environments.js';
import type { EnvironmentSource } from './environments.js';
import { resumedBy } from './first-words.js';
import type { FirstWords } from './first-words.js';
import type { LiveRun } from './live-run.js';
import { beginRun, takeUpRun } from './open-live-run.js';
import { quitRiskOf } from './quit-risk.js';
import type { QuitRisk } from './quit-risk.js';
import type { RunEvents } from './run-events.js';
import type { RunFiles } from './run-files.js';
import { RunList } from './run-list.js';
import { RunReader } from './run-reader.js';
import type { OlderRecords, ReadRun } from './run-reader.js';
import type { StartRun } from './start-run.js';
import { withoutSecrets } from './without-secrets.js';
import type { RunIndex } from '../storage/run-index.js';

export type { StartRun } from './start-run.js';

export type RunServiceDeps = {
  readonly files: RunFiles;
  /** Left out where nothing is to be kept beside the journals. */
  readonly index?: RunIndex;
  readonly environments: EnvironmentSource;
  /** RUNBOOK_NOT_FOUND when there is none of that id. */
  readonly runbook: (id: string) => Promise<Runbook>;
  readonly operator: () => string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly events: RunEvents;
  readonly redact: (text: string) => string;
  readonly onFault: (thrown: unknown) => void;
  /** Overrides the length of every watch; null leaves it to runbook and environment. */
  readonly watchSeconds: number | null;
  /** Left out where no host is to be reached. */
  readonly hosts?: HostOpener | null;
};

/** Every run of this console: those on disk, and those this process drives. */
export class RunService {
  readonly #deps: RunServiceDeps;
  readonly #live = new Map<RunId, LiveRun>();
  readonly #resuming = new Map<RunId, Promise<void>>();
  readonly #list: RunList;
  readonly #reader: RunReader;

  constructor(deps: RunServiceDeps) {
    this.#deps = deps;
    this.#list = new RunList({ ...deps, index: deps.index ?? null });
    this.#reader = new RunReader(deps);
  }

  /** RUN_ALREADY_OPEN names the run that is still open for the same service and environment. */
  async start(request: StartRun): Promise<RunId> {
    const { environments, operator, appVersion } = this.#deps;
    const runbook = await this.#deps.runbook(request.runbookId);
    const listed = environments.list(runbook).find(({ name }) => name === request.environment);
    if (request.kind === 'incident' && listed?.tier === 'practice') {
      throw new AppError('RUN_KIND_REFUSED', 'The range holds drills only: nothing in it is real.');
    }
    const procedure = mustBeOffered(runbook, request.procedureId, listed);
    const { name: service } = runbook.service;
    return this.whileNoneIsOpen(service, request.environment, async () => {
      const environment = await environments.open(runbook, request.environment, {
        isNewRun: true,
        procedureId: request.procedureId,
        faults: request.faults,
      });
      const { kind, procedureId, faults } = request;
      const event = {
        type: 'run.started' as const,
        kind,
        operator: operator(),
        appVersion,
        runbook,
        environment,
        procedureId,
        faults: [...faults],
      };
      return this.#drive(await beginRun(this.#deps, event, procedure)).started.runId;
    });
  }

  /** No run of that service begins there meanwhile. RUN_ALREADY_OPEN names the one that is still open. */
  async whileNoneIsOpen<T>(
    service: string,
    environment: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const claim = await this.#deps.files.claim(service, environment);
    try {
      await this.#list.refuseSecond(this.#live, service, environment);
      return await work();
    } finally {
      await claim.release();
    }
  }

  /**
   * Takes up a run that was left behind. What was under way becomes unknown and is looked at; nothing is done.
   * `say` has the first words; what it throws is thrown before anything is recorded or opened.
   */
  resume(runId: RunId, say: FirstWords = resumedBy(this.#deps)): Promise<void> {
    const resuming =
      this.#resuming.get(runId) ??
      this.#resume(runId, say).finally(() => {
        this.#resuming.delete(runId);
      });
    this.#resuming.set(runId, resuming);
    return resuming;
  }

  /** Lets a run go that this process drives: it lies on disk as if it had been left. */
  async letGo(runId: RunId): Promise<void> {
    const live = this.#live.get(runId);
    this.#live.delete(runId);
    await live?.dispose();
    this.#deps.events.closed(runId);
  }

  async #resume(runId: RunId, say: FirstWords): Promise<void> {
    if (this.#live.has(runId)) {
      return;
    }
    const { journal, opened } = await this.#deps.files.open(runId);
    const live = await this.#takeUp(journal, opened.state, say).catch(async (thrown: unknown) => {
      await journal.close();
      throw thrown;
    });
    void this.#checkBehind(live, journal, opened.checkBehind);
    await live.engine.note((state) => [...say(state), ...recover(state)]);
    if (journal.takenFrom !== null) {
      const text = `The console that drove this run ended without letting go of it: ${describeOwner(journal.takenFrom)}.`;
      await live.engine.note(() => [{ type: 'note.added', by: 'console', text }]);
    }
    const left = unknownSteps(live.state).map(({ plan }) => plan.id);
    for (const stepId of left) {
      // A look at one may tell of those that were one piece of work with it.
      if (stepById(live.state, stepId)?.status === 'unknown') {
        await live.engine.look(stepId);
      }
    }
  }

  async #takeUp(journal: Journal, state: RunState, say: FirstWords): Promise<LiveRun> {
    const { started, phase } = state;
    if (started === null || phase === 'closed') {
      throw new AppError('RUN_COMMAND_REFUSED', 'This run is closed.');
    }
    say(state);
    const { runbook, environment: recorded, faults, procedure } = started;
    const options = { isNewRun: false, faults, recorded, procedureId: procedure.id };
    const environment = await this.#deps.environments.open(runbook, recorded.name, options);
    const parts = { journal, from: state, started: { ...started, environment } };
    return this.#drive(await takeUpRun(this.#deps, parts));
  }

  /** What a checkpoint stood in for is read while the run goes on; what does not hold ends the driving, said. */
  async #checkBehind(
    live: LiveRun,
    journal: Journal,
    check: OpenedJournal['checkBehind'],
  ): Promise<void> {
    try {
      const problem = check === null ? null : await check();
      const { runId } = live.started;
      if (problem !== null && this.#live.get(runId) === live) {
        this.#live.delete(runId);
        await journal.dropCheckpoint();
        this.#deps.events.halted(runId, AppError.fromJson(problem));
        await live.dispose();
      }
    } catch (thrown) {
      this.#deps.onFault(thrown);
    }
  }

  /** Up to where the journal breaks; touches nothing. */
  read(runId: RunId): Promise<ReadRun> {
    return this.#reader.read(runId, this.#live.get(runId)?.state ?? null);
  }

  older(runId: RunId, before: number): Promise<OlderRecords> {
    return this.#reader.older(runId, before);
  }

  live(runId: RunId): LiveRun | null {
    return this.#live.get(runId) ?? null;
  }

  async command(runId: RunId, command: RunCommand): Promise<void> {
    const clean = withoutSecrets(RunCommand, command, this.#deps.redact);
    await this.mustBeLive(runId).command(clean);
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

  /** Every run on disk, newest first, also one that cannot be read to its end. */
  async list(): Promise<readonly RunSummary[]> {
    const runs = await this.#list.read(this.#live);
    await this.#forgetSecretsOf(runs.filter(({ phase }) => phase === 'closed'));
    return runs;
  }

  /** A console that ended while it closed a run, or one whose run was closed elsewhere, may have left some. */
  async #forgetSecretsOf(closed: readonly RunSummary[]): Promise<void> {
    const { vault } = this.#deps.files;
    const kept = new Set(await vault.runs());
    const stale = closed.filter(({ runId }) => kept.has(runId));
    await Promise.all(stale.map(({ runId }) => vault.forget(runId)));
  }

  /** What quitting now would leave in the middle of a change; null when nothing. */
  quitRisk(): QuitRisk | null {
    return quitRiskOf([...this.#live.values()].map((live) => live.state));
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
    await this.#list.dispose();
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

  #drive(live: LiveRun): LiveRun {
    this.#live.set(live.started.runId, live);
    live.react();
    return live;
  }
}
