import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import type { Questions } from '../questions.js';
import { formatAddress } from './address.js';
import { channelStream } from './channel-stream.js';
import { ChannelGate, enterGate } from './channel-gate.js';
import type { Place } from './channel-gate.js';
import type { ChannelEnd, Keepalive, SshChannel } from './connection.js';
import type { ExecEnd, ExecOptions, HostLine, LineInfo } from './line.js';
import { addressOf } from './plan.js';
import type { LinePlan } from './plan.js';
import { runChannel } from './run-channel.js';
import { SharedAttempt } from './shared-attempt.js';
import { lineLost, notConnected, stopped } from './ssh-errors.js';
import { forwardBySystem } from './system-forward.js';
import { learnHostKeys } from './system-host-keys.js';
import { readRefusal } from './system-log.js';
import { endOf, startPiped, takeLog } from './system-process.js';
import { openDirectWay, openSharedWay } from './system-way.js';
import type { SystemWay } from './system-way.js';
import type { SystemWords } from './system-words.js';

export type SystemLineOptions = SystemWords & {
  readonly name: string;
  readonly plan: (signal: AbortSignal) => Promise<LinePlan>;
  readonly questions: Questions;
  readonly keepalive?: Keepalive;
  /** Whether commands share one connection. */
  readonly isShared: boolean;
};

const mostChannels = 8;
const usualKeepalive: Keepalive = { intervalMs: 10_000, count: 3 };
/** The program's own failures, and commands that ended by a signal or with this very code. */
const ownFailure = 255;

type Up = {
  readonly way: SystemWay;
  readonly gate: ChannelGate;
  readonly info: LineInfo;
  readonly folder: string;
};

/** The system's own `ssh`, for what the built-in client lacks: certificates, security keys, other ciphers. */
export class SystemLine implements HostLine {
  readonly #options: SystemLineOptions;
  #plan: LinePlan | null = null;
  #attempt: SharedAttempt<LineInfo> | null = null;
  #up: Up | null = null;
  #serial = 0;
  /** Folders of connections that have fallen. */
  #left: string[] = [];

  constructor(options: SystemLineOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#up !== null;
  }

  async open(signal: AbortSignal): Promise<LineInfo> {
    if (signal.aborted) {
      throw this.#stopped();
    }
    if (this.#up !== null) {
      return this.#up.info;
    }
    if (this.#attempt === null || this.#attempt.isGivenUp) {
      const attempt = new SharedAttempt((both) => this.#connect(both));
      this.#attempt = attempt;
      attempt.whenOver(() => {
        this.#attempt = this.#attempt === attempt ? null : this.#attempt;
      });
    }
    return this.#attempt.wait(signal, () => this.#stopped());
  }

  async exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd> {
    let timesAlone = 0;
    for (;;) {
      const up = this.#need();
      const place = await enterGate(up.gate, options.onWanted, signal, this.#options.name);
      try {
        const channel = this.#start(up, command, place);
        return await runChannel(channel, options, signal, {
          stopped: () => this.#stopped(),
          lost: () => lineLost(this.#options.name, 'ssh lost its connection'),
        });
      } catch (thrown) {
        const verdict = isExhausted(thrown) ? await place.refuse(timesAlone) : 'in-vain';
        // A writer that was handed out cannot be taken back.
        if (verdict === 'in-vain' || options.onStdin !== undefined) {
          throw thrown;
        }
        timesAlone += verdict === 'again-alone' ? 1 : 0;
      }
    }
  }

  async connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    const up = this.#need();
    return forwardBySystem(
      {
        program: this.#options.program,
        words: (before, log) => up.way.words(before, log),
        log: this.#logOf(up),
        from: this.#options.name,
      },
      formatAddress({ host, port }),
      signal,
    );
  }

  /** Programs before OpenSSH 9.4 forward a connection to a port only, and some do not even say so. */
  connectSocket(path: string): Promise<Duplex> {
    const text = `the system’s ssh does not forward to ${path}`;
    return Promise.reject(new AppError('HOST_FORWARD_REFUSED', `${this.#options.name}: ${text}.`));
  }

  async connectCommand(command: string, signal: AbortSignal): Promise<Duplex> {
    const up = this.#need();
    const place = await up.gate.enter(signal, () => this.#stopped());
    return channelStream(this.#start(up, command, place));
  }

  async close(): Promise<void> {
    this.#attempt?.giveUp();
    const up = this.#up;
    if (up !== null) {
      this.#fall(up);
      await up.way.close();
    }
    await this.#tidy();
  }

  async #tidy(): Promise<void> {
    const folders = this.#left;
    this.#left = [];
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  async #connect(signal: AbortSignal): Promise<LineInfo> {
    const { name, plan, questions, program, configFile, keepalive, isShared } = this.#options;
    this.#plan ??= await plan(signal);
    await this.#tidy();
    const system = { program, ...(configFile === undefined ? {} : { configFile }) };
    const folder = await mkdtemp(path.join(tmpdir(), `lg-${process.pid}-`));
    const fallen = { isFallen: false, up: null as Up | null };
    try {
      await learnHostKeys(this.#plan.hops, { system, questions, folder }, signal);
      const open = isShared ? openSharedWay : openDirectWay;
      const { way, fingerprint } = await open(
        {
          name,
          plan: this.#plan,
          system,
          keepalive: keepalive ?? usualKeepalive,
          folder,
          onFall: () => {
            if (fallen.up !== null) {
              this.#fall(fallen.up);
            }
          },
        },
        signal,
      );
      const target = this.#plan.hops.at(-1);
      if (signal.aborted || target === undefined || !way.isUp) {
        await way.close();
        throw signal.aborted ? this.#stopped() : notConnected(name);
      }
      const info = { user: target.settings.user, address: addressOf(target), fingerprint };
      fallen.up = { way, gate: new ChannelGate(mostChannels), info, folder };
      this.#up = fallen.up;
      return info;
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true });
      throw thrown;
    }
  }

  #fall(up: Up): void {
    if (this.#up === up) {
      this.#up = null;
      up.gate.clear(notConnected(this.#options.name));
      // What was under way still reads its log there, so the folder goes with the next opening or at the end.
      this.#left.push(up.folder);
    }
  }

  #start(up: Up, command: string, place: Place): SshChannel {
    const { program } = this.#options;
    const log = this.#logOf(up);
    const child = startPiped(program, [...up.way.words([], log), command]);
    const end = endOf(child, program).then(
      async (code) => this.#endOf(up, code, await takeLog(log)),
      (error: unknown): ChannelEnd => ({
        kind: 'refused',
        error: error instanceof Error ? error : new Error('ssh could not be started'),
      }),
    );
    // A refused one gives its place back itself, so that its refusal is counted.
    void end.then((how) => {
      if (how.kind !== 'refused' || !isExhausted(how.error)) {
        place.leave();
      }
    });
    const close = (): void => {
      child.kill();
    };
    return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, end, close };
  }

  async #endOf(up: Up, code: number | null, log: string): Promise<ChannelEnd> {
    if (code !== ownFailure && code !== null) {
      return { kind: 'exit', exitCode: code, signalName: null };
    }
    const refusal = readRefusal(this.#options.name, log);
    if (refusal !== null) {
      return { kind: 'refused', error: refusal };
    }
    // What is left is a command that ended by a signal or with 255 itself: not to be told apart, so not known.
    if (await up.way.hasFallen(log)) {
      this.#fall(up);
      void up.way.close();
      return { kind: 'cut' };
    }
    return { kind: 'exit', exitCode: null, signalName: null };
  }

  #logOf(up: Up): string {
    this.#serial += 1;
    return path.join(up.folder, `${this.#serial}.log`);
  }

  #need(): Up {
    if (this.#up === null) {
      throw notConnected(this.#options.name);
    }
    return this.#up;
  }

  #stopped(): AppError {
    return stopped(this.#options.name);
  }
}

function isExhausted(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'HOST_CHANNELS_EXHAUSTED';
}
