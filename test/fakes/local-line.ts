import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import type { HostLine, LineInfo } from '../../main/connections/ssh/line.js';
import { AppError } from '../../shared/errors/app-error.js';

export type LocalLineOptions = {
  /** The program that `sh` is on this host, with its arguments: `['/usr/bin/busybox', 'sh']` needs a stub of its own. */
  readonly sh?: string;
  /** The account's shell, which runs every command line. */
  readonly accountShell?: string;
  /** Answers as if this account had logged in. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
};

type Channel = {
  readonly child: ChildProcess;
  /** Our side of it is gone, as after a cut: nothing more is read, its outputs are closed, its stdin ends. */
  readonly lose: () => void;
  readonly setFlowing: (isFlowing: boolean) => void;
};

type ExecOptions = Parameters<HostLine['exec']>[1];
type Ended = Awaited<ReturnType<HostLine['exec']>>;

/**
 * This machine in the role of a host: the real `sh` in a private HOME, reached by a line that can be cut at any moment
 * while what was started over it goes on. As over ssh without a terminal, what is still attached then writes into a
 * closed pipe.
 */
export class LocalLine implements HostLine {
  readonly home = mkdtempSync(join(tmpdir(), 'lastgood-host-'));
  readonly #options: LocalLineOptions;
  readonly #channels = new Set<Channel>();
  #isCut = false;
  #isFrozen = false;
  #isUp = false;
  /** How many bytes of the next command's stdin still arrive. */
  #inputBudget: number | null = null;
  /** Command lines that reached the host because somebody had something to say, for counting round trips. */
  readonly commands: string[] = [];
  /** Those that only wait to be used. */
  readonly spares: string[] = [];

  constructor(options: LocalLineOptions = {}) {
    this.#options = options;
    mkdirSync(join(this.home, 'bin'));
    if (options.sh !== undefined) {
      symlinkSync(options.sh, join(this.home, 'bin', 'sh'));
    }
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Lays a program on the host's PATH, before the real ones. */
  addProgram(name: string, script: string): void {
    const file = join(this.home, 'bin', name);
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }

  /** Cuts the line; it cannot be opened again before `restore`. */
  drop(): void {
    this.#isCut = true;
    this.#isFrozen = false;
    this.#isUp = false;
    for (const channel of [...this.#channels]) {
      channel.lose();
    }
  }

  restore(): void {
    this.#isCut = false;
  }

  /** The host stops answering, without the line being cut. */
  freeze(): void {
    this.#isFrozen = true;
    this.#flow(false);
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#flow(true);
  }

  /** The next command gets only so much of its stdin, then the line is cut. */
  cutInputAfter(bytes: number): void {
    this.#inputBudget = bytes;
  }

  open(signal: AbortSignal): Promise<LineInfo> {
    if (signal.aborted) {
      return Promise.reject(new AppError('STEP_STOPPED', 'Stopped.'));
    }
    if (this.#isCut || this.#isFrozen) {
      return Promise.reject(new AppError('HOST_UNREACHABLE', 'The line is cut.'));
    }
    this.#isUp = true;
    const user = this.#options.user ?? userInfo().username;
    return Promise.resolve({ user, address: '127.0.0.1:22', fingerprint: 'SHA256:local' });
  }

  async exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<Ended> {
    await this.open(signal);
    (options.onWanted === undefined ? this.commands : this.spares).push(command);
    const child = spawn(this.#options.accountShell ?? '/bin/sh', ['-c', command], {
      cwd: this.home,
      detached: true,
      env: {
        PATH: `${join(this.home, 'bin')}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
        HOME: this.home,
        USER: userInfo().username,
        ...this.#options.env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return this.#attach(child, options, signal);
  }

  connect(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = connectTcp(port, host, () => {
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }

  connectSocket(path: string): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const socket = connectTcp(path, () => {
        resolve(socket);
      });
      socket.once('error', () => {
        reject(new AppError('HOST_FORWARD_REFUSED', 'connect failed'));
      });
    });
  }

  connectCommand(command: string): Promise<Duplex> {
    const { stdin, stdout } = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
    return Promise.resolve(Duplex.from({ writable: stdin, readable: stdout }));
  }

  close(): Promise<void> {
    this.drop();
    return Promise.resolve();
  }

  /** Ends nothing that was started: tests cancel what they left running. */
  remove(): void {
    this.drop();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }

  #flow(isFlowing: boolean): void {
    for (const channel of this.#channels) {
      channel.setFlowing(isFlowing);
    }
  }

  #attach(
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    options: ExecOptions,
    signal: AbortSignal,
  ): Promise<Ended> {
    const { stdin, stdout, stderr } = child;
    return new Promise<Ended>((resolve, reject) => {
      const detach = (): void => {
        this.#channels.delete(channel);
        signal.removeEventListener('abort', onAbort);
        for (const stream of [stdin, stdout, stderr]) {
          stream.destroy();
        }
        child.unref();
      };
      const lose = (): void => {
        detach();
        reject(new AppError('HOST_LINE_LOST', 'The line was cut.'));
      };
      const onAbort = (): void => {
        detach();
        reject(new AppError('STEP_STOPPED', 'Stopped.'));
      };
      const channel: Channel = {
        child,
        lose,
        setFlowing: (isFlowing) => {
          for (const stream of [stdout, stderr]) {
            if (isFlowing) {
              stream.resume();
            } else {
              stream.pause();
            }
          }
        },
      };
      this.#channels.add(channel);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) {
        onAbort();
      }
      stdin.on('error', () => undefined);
      stdout.on('data', (bytes: Buffer) => {
        options.onStdout(bytes);
      });
      stderr.on('data', (bytes: Buffer) => {
        options.onStderr(bytes);
      });
      child.once('error', lose);
      Promise.all([once(child, 'exit'), once(stdout, 'close'), once(stderr, 'close')]).then(
        () => {
          detach();
          resolve({ exitCode: child.exitCode, signalName: child.signalCode });
        },
        () => undefined,
      );
      this.#feed(stdin, options);
    });
  }

  #feed(stdin: NodeJS.WritableStream, { input, onStdin }: ExecOptions): void {
    const write = (bytes: Uint8Array): void => {
      const budget = this.#inputBudget;
      if (budget === null) {
        stdin.write(bytes);
        return;
      }
      this.#inputBudget = null;
      stdin.write(bytes.subarray(0, budget), () => {
        this.drop();
      });
    };
    if (onStdin !== undefined) {
      onStdin({
        write,
        end: () => {
          stdin.end();
        },
      });
      return;
    }
    if (input !== undefined) {
      write(input);
    }
    if (this.#inputBudget === null && !this.#isCut) {
      stdin.end();
    }
  }
}
