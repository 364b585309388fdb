import { AppError } from '../../../shared/errors/app-error.js';
import type { HostJob, JobId, JobState, JobWatcher, RunAs } from '../host-types.js';
import type { Detaching } from './host-info.js';
import { HostLines } from './host-lines.js';
import { cancelScript, cleanUpScript, forgetAccountsScript } from './job-end-scripts.js';
import { checkJob, checkJobId, checkRunId } from './job-ids.js';
import { JobReader } from './job-reader.js';
import { followScript, lookScript, sealScript, startScript } from './job-scripts.js';
import type { Reconnecting } from './reconnecting.js';
import { stopped } from './script-runner.js';
import type { ScriptRunner } from './script-runner.js';

export type HostJobsOptions = {
  readonly host: string;
  readonly runner: ScriptRunner;
  readonly reconnecting: Reconnecting;
  readonly detaching: (signal: AbortSignal) => Promise<Detaching>;
  /** Between TERM and KILL. */
  readonly cancelGraceSeconds: number;
  /** How long a cancelled job may take to end, the line to come back included. */
  readonly cancelTimeoutMs: number;
};

const nobody: JobWatcher = { onLine: () => undefined, onPart: () => undefined };
/** A job that is being begun when it is cancelled is begun first, so that the cancelling finds it. */
const beginTimeoutMs = 15_000;

/** The detached jobs of one host. */
export class HostJobs {
  readonly #options: HostJobsOptions;
  /** As whom each job runs, as far as this console knows. */
  readonly #accounts = new Map<string, RunAs>();
  /** Jobs that this console has seen begun: they can be lost, but never absent. */
  readonly #begun = new Set<string>();

  constructor(options: HostJobsOptions) {
    this.#options = options;
  }

  async run(job: HostJob, watcher: JobWatcher, signal: AbortSignal): Promise<JobState> {
    checkJob(job);
    const { host, reconnecting } = this.#options;
    const detaching = job.as === 'root' ? 'plain' : await this.#detaching(signal);
    // The user manager of another account is out of reach behind sudo.
    if (detaching === 'impossible' || (detaching === 'user-scope' && job.as !== 'login')) {
      const text = `On ${host} the end of the login ends every process of this account.`;
      throw new AppError('JOB_ENDS_WITH_LOGIN', text);
    }
    throwIfStopped(signal, host);
    const reader = new JobReader(watcher);
    if (this.#begun.has(keyOf(job.id))) {
      return this.#follow(job.id, reader, signal);
    }
    const scope = detaching === 'user-scope' ? '--user' : '';
    const following = new AbortController();
    const goOn = this.#options.runner.holdStill();
    const stop = stopOnceBegun(signal, reader, following);
    try {
      await reconnecting.run(async () => {
        const script = reader.hasBegun
          ? followScript(job.id, reader.from)
          : startScript(job, reader.from, scope);
        await this.#say(reader, script, job.as, following.signal, job.id);
      }, following.signal);
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
      await this.#cancelFor(job, error);
    } finally {
      stop();
      goOn();
    }
    if (reader.word === 'unstarted') {
      throw new AppError('JOB_NOT_STARTED', `The work on ${host} was not begun: ${reader.words}`);
    }
    this.#accounts.set(keyOf(job.id), job.as);
    return this.#stateOf(job.id, reader);
  }

  async job(id: JobId, signal: AbortSignal): Promise<JobState> {
    checkJobId(id);
    const look = (reader: JobReader, as: RunAs): Promise<void> =>
      this.#say(reader, lookScript(id), as, signal);
    return this.#asItsAccount(id, () => new JobReader(nobody), look);
  }

  async seal(id: JobId, as: RunAs, signal: AbortSignal): Promise<JobState> {
    checkJobId(id);
    const reader = new JobReader(nobody);
    await this.#say(reader, sealScript(id), as, signal);
    this.#accounts.set(keyOf(id), as);
    return this.#stateOf(id, reader);
  }

  async pickUp(id: JobId, watcher: JobWatcher, signal: AbortSignal): Promise<JobState> {
    checkJobId(id);
    return this.#follow(id, new JobReader(watcher), signal);
  }

  cancel(id: JobId, signal: AbortSignal): Promise<JobState> {
    return this.#cancel(id, signal, false);
  }

  async #cancel(id: JobId, signal: AbortSignal, isUnderWay: boolean): Promise<JobState> {
    checkJobId(id);
    const { host, reconnecting, cancelGraceSeconds } = this.#options;
    const end = (reader: JobReader, as: RunAs): Promise<void> =>
      reconnecting.run(
        () => this.#say(reader, cancelScript(id, cancelGraceSeconds), as, signal),
        signal,
        isUnderWay,
      );
    const state = await this.#asItsAccount(id, () => new JobReader(nobody), end);
    if (state.status === 'running') {
      throw new AppError('JOB_STILL_RUNNING', `The work on ${host} did not end, even by force.`);
    }
    return state;
  }

  async cleanUp(runId: string, signal: AbortSignal): Promise<readonly string[]> {
    checkRunId(runId);
    const own = await this.#clean(runId, 'login', signal);
    const removed = [...own.removed];
    for (const user of own.accounts) {
      removed.push(...(await this.#clean(runId, { user }, signal)).removed);
    }
    if (own.accounts.length > 0) {
      await this.#options.runner.run({ script: forgetAccountsScript(runId) }, 'login', signal);
    }
    return removed;
  }

  async #clean(
    runId: string,
    as: RunAs,
    signal: AbortSignal,
  ): Promise<{ readonly removed: readonly string[]; readonly accounts: readonly string[] }> {
    const removed: string[] = [];
    const accounts = new Set<string>();
    const lines = new HostLines((line) => removed.push(line));
    const onRecord = ([verb, account = '']: readonly string[]): void => {
      if (verb === 'as') {
        accounts.add(account);
      }
    };
    const talk = {
      script: cleanUpScript(runId),
      onRecord,
      onStdout: (bytes: Buffer) => {
        lines.push(bytes);
      },
    };
    await this.#options.runner.run(talk, as, signal);
    lines.end();
    return { removed, accounts: [...accounts] };
  }

  async #follow(id: JobId, reader: JobReader, signal: AbortSignal): Promise<JobState> {
    return this.#asItsAccount(
      id,
      () => reader,
      (same, as) =>
        this.#options.reconnecting.run(
          () => this.#say(same, followScript(id, same.from), as, signal),
          signal,
        ),
    );
  }

  /** Nothing has been begun yet, whatever happens to the line. */
  async #detaching(signal: AbortSignal): Promise<Detaching> {
    try {
      return await this.#options.detaching(signal);
    } catch (error) {
      if (error instanceof AppError && error.code === 'HOST_LINE_LOST') {
        throw new AppError('HOST_UNREACHABLE', error.message, { cause: error });
      }
      throw error;
    }
  }

  /** As the account that this console knows, or else as the one that the host names. */
  async #asItsAccount(
    id: JobId,
    makeReader: () => JobReader,
    say: (reader: JobReader, as: RunAs) => Promise<void>,
  ): Promise<JobState> {
    const reader = makeReader();
    const known = this.#accounts.get(keyOf(id));
    await say(reader, known ?? 'login');
    if (reader.account === null || known !== undefined) {
      return this.#stateOf(id, reader);
    }
    const as = { user: reader.account };
    const second = makeReader();
    await say(second, as);
    this.#accounts.set(keyOf(id), as);
    return this.#stateOf(id, second);
  }

  #stateOf(id: JobId, reader: JobReader): JobState {
    const state = reader.state();
    if (state.status !== 'absent') {
      this.#begun.add(keyOf(id));
    } else if (this.#begun.has(keyOf(id))) {
      return { status: 'lost', parts: [] };
    }
    return state;
  }

  async #say(
    reader: JobReader,
    script: string,
    as: RunAs,
    signal: AbortSignal,
    starts?: JobId,
  ): Promise<void> {
    const { host, runner } = this.#options;
    const account = await runner.accountFor(as, signal);
    const first =
      starts === undefined || account === null ? undefined : rememberAccount(starts, account);
    await runner.run(reader.talk(script), as, signal, first);
    if (reader.word === 'unknown' && reader.account === null) {
      throw new AppError(
        'HOST_ANSWER_BROKEN',
        `${host} did not say how the work stands: ${reader.words}`,
      );
    }
  }

  /** Never returns: the run was told to stop. */
  async #cancelFor(job: HostJob, cause: unknown): Promise<never> {
    const { host, cancelTimeoutMs } = this.#options;
    if (cause instanceof AppError && cause.code === 'HOST_UNREACHABLE') {
      throw new AppError('STEP_STOPPED', stopped(host).message, { cause });
    }
    this.#accounts.set(keyOf(job.id), job.as);
    try {
      await this.#cancel(job.id, AbortSignal.timeout(cancelTimeoutMs), true);
    } catch (error) {
      if (error instanceof AppError && error.code === 'JOB_STILL_RUNNING') {
        throw error;
      }
      const text = `The work on ${host} could not be told to stop; it may still run.`;
      throw new AppError('HOST_LINE_LOST', text, { cause: error });
    }
    throw new AppError('STEP_STOPPED', stopped(host).message, { cause });
  }
}

function throwIfStopped(signal: AbortSignal, host: string): void {
  if (signal.aborted) {
    throw stopped(host);
  }
}

const keyOf = ({ runId, name }: JobId): string => `${runId}/${name}`;

/** For the login account: where to look for a job that another account has. One line, no quotes: any shell takes it. */
const rememberAccount = ({ runId, name }: JobId, account: string): string =>
  `( umask 077; case "$XDG_CACHE_HOME" in /*) c=$XDG_CACHE_HOME ;; *) c=$HOME/.cache ;; esac; c=$c/lastgood/jobs/${runId}; mkdir -p "$c" && echo ${account} >"$c/${name}.as" )`;

/** Stops the following when the signal fires, but not before it is known whether the job has begun. */
function stopOnceBegun(
  signal: AbortSignal,
  reader: JobReader,
  following: AbortController,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    following.abort();
  };
  const onAbort = (): void => {
    if (reader.hasBegun) {
      stop();
    } else {
      timer = setTimeout(stop, beginTimeoutMs);
      reader.onBegun(stop);
    }
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
}
