import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import { shellQuote } from '../../steps/shell-quote.js';
import type {
  HostChannels,
  HostInfo,
  HostJob,
  HostLockOwner,
  HostLockPlace,
  HostLocks,
  HostOutput,
  HostScript,
  JobId,
  JobState,
  JobWatcher,
  RunAs,
} from '../host-types.js';
import type { HostPort } from '../ports.js';
import type { HostLine, LineInfo } from '../ssh/line.js';
import { HostInfoReader } from './host-info.js';
import type { Detaching } from './host-info.js';
import { HostJobs } from './host-jobs.js';
import { HostLines } from './host-lines.js';
import { HostLock } from './host-lock.js';
import { lightLine } from './light-line.js';
import { looksTalk } from './looks-talk.js';
import { LineLight, Reconnecting } from './reconnecting.js';
import type { LineState } from './reconnecting.js';
import { SameMoment } from './same-moment.js';
import { ScriptRunner } from './script-runner.js';
import { SudoPassword } from './sudo.js';
import type { SudoQuestions } from './sudo.js';

export type HostAdapterOptions = {
  /** The name in the environment, for messages. */
  readonly name: string;
  readonly questions: SudoQuestions;
  /** Tells changes of the line: the connection light. */
  readonly onState?: (state: LineState) => void;
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Between TERM and KILL of a cancelled job. */
  readonly cancelGraceSeconds?: number;
};

/** About ten minutes of a line that does not come back. */
const maxAttempts = 120;
/** More than journald keeps of one entry in any usual setting, escapes included. */
const maxFollowedCharacters = 8 * 1024 * 1024;
const defaultGraceSeconds = 10;
const cancelTimeoutMs = 60_000;

/** Everything a host is asked for, in scripts over one line. */
export function createHostAdapter(
  line: HostLine,
  options: HostAdapterOptions,
): HostPort & HostLocks & HostChannels {
  return new HostAdapter(line, options);
}

class HostAdapter implements HostPort, HostLocks, HostChannels {
  readonly #name: string;
  readonly #line: HostLine;
  readonly #runner: ScriptRunner;
  readonly #looks = new SameMoment(async (as, questions, signal) => {
    await this.#runner.run(looksTalk(questions), as, signal);
    // Said to nobody who has an answer by now.
    throw new AppError('HOST_ANSWER_BROKEN', `${this.#name} did not answer each look.`);
  });
  readonly #jobs: HostJobs;
  readonly #lock: HostLock;
  #detaching: Detaching | null = null;
  /** What the host said of itself, and over which connection: a new one asks anew. */
  #told: { readonly line: LineInfo; readonly info: HostInfo } | null = null;

  constructor(bareLine: HostLine, options: HostAdapterOptions) {
    const light = new LineLight(options.onState ?? (() => undefined));
    this.#name = options.name;
    this.#line = lightLine(bareLine, light);
    const password = new SudoPassword(options.questions, options.name);
    this.#runner = new ScriptRunner(this.#line, options.name, password);
    this.#lock = new HostLock(this.#runner, options.name);
    this.#jobs = new HostJobs({
      host: options.name,
      runner: this.#runner,
      reconnecting: new Reconnecting({
        host: options.name,
        light,
        maxAttempts,
        ...(options.delay === undefined ? {} : { delay: options.delay }),
      }),
      detaching: async (signal) => {
        if (this.#detaching === null) {
          await this.info(signal);
        }
        return this.#detaching ?? 'plain';
      },
      cancelGraceSeconds: options.cancelGraceSeconds ?? defaultGraceSeconds,
      cancelTimeoutMs,
    });
  }

  async info(signal: AbortSignal): Promise<HostInfo> {
    const line = await this.#line.open(signal);
    if (this.#told?.line !== line || !this.#line.isUp) {
      this.#told = { line, info: await this.#ask(line, signal) };
    }
    return this.#told.info;
  }

  async #ask(line: LineInfo, signal: AbortSignal): Promise<HostInfo> {
    const reader = new HostInfoReader();
    await this.#runner.run(reader.talk, 'login', signal);
    this.#detaching = reader.detaching;
    const info = reader.info(this.#name, line);
    if (info.sudo === 'passwordless') {
      this.#runner.prepare('root');
    }
    return info;
  }

  read(script: HostScript, signal: AbortSignal): Promise<HostOutput> {
    return this.#looks.read(script, signal);
  }

  async follow(
    { text, as }: HostScript,
    onLine: (line: string, stream: 'stdout' | 'stderr') => void,
    signal: AbortSignal,
  ): Promise<void> {
    const streams = (['stdout', 'stderr'] as const).map(
      (stream) =>
        // One line of a script that follows may carry a whole entry of a journal: whoever reads it cuts what it shows.
        new HostLines((line) => {
          onLine(line, stream);
        }, maxFollowedCharacters),
    );
    const talk = {
      script: followScript(text),
      watchesLine: true,
      onStdout: (bytes: Buffer) => {
        streams[0]?.push(bytes);
      },
      onStderr: (bytes: Buffer) => {
        streams[1]?.push(bytes);
      },
    };
    try {
      await this.#runner.run(talk, as, signal);
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    }
    for (const stream of streams) {
      stream.end();
    }
  }

  run(job: HostJob, watcher: JobWatcher, signal: AbortSignal): Promise<JobState> {
    return this.#jobs.run(job, watcher, signal);
  }

  job(id: JobId, signal: AbortSignal): Promise<JobState> {
    return this.#jobs.job(id, signal);
  }

  seal(id: JobId, as: RunAs, signal: AbortSignal): Promise<JobState> {
    return this.#jobs.seal(id, as, signal);
  }

  pickUp(id: JobId, watcher: JobWatcher, signal: AbortSignal): Promise<JobState> {
    return this.#jobs.pickUp(id, watcher, signal);
  }

  cancel(id: JobId, signal: AbortSignal): Promise<JobState> {
    return this.#jobs.cancel(id, signal);
  }

  cleanUp(runId: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#jobs.cleanUp(runId, signal);
  }

  async connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    await this.#line.open(signal);
    return this.#line.connect(host, port, signal);
  }

  async connectSocket(path: string, signal: AbortSignal): Promise<Duplex> {
    await this.#line.open(signal);
    return this.#line.connectSocket(path, signal);
  }

  async connectCommand(command: string, signal: AbortSignal): Promise<Duplex> {
    await this.#line.open(signal);
    return this.#line.connectCommand(command, signal);
  }

  lock(place: HostLockPlace, owner: HostLockOwner, signal: AbortSignal): Promise<void> {
    return this.#lock.lock(place, owner, signal);
  }

  readLock(place: HostLockPlace, signal: AbortSignal): Promise<HostLockOwner | null> {
    return this.#lock.readLock(place, signal);
  }

  refreshLock(place: HostLockPlace, owner: HostLockOwner, signal: AbortSignal): Promise<void> {
    return this.#lock.refreshLock(place, owner, signal);
  }

  unlock(place: HostLockPlace, runId: string, signal: AbortSignal): Promise<void> {
    return this.#lock.unlock(place, runId, signal);
  }

  breakLock(...args: Parameters<HostLocks['breakLock']>): Promise<void> {
    return this.#lock.breakLock(...args);
  }
}

/** What it started ends with the line: a quiet `journalctl -f` would else stay on the host for ever. */
const followScript = (text: string): string => `lg_main() {
  { cat >/dev/null; kill -TERM 0; } <&3 >/dev/null 2>&1 &
  lg_watch=$!
  ( exec 3<&-; eval ${shellQuote(`\n${text}`)} )
  lg_followed=$?
  kill "$lg_watch"
  return "$lg_followed"
}
`;
