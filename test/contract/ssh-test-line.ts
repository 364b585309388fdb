import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import type { HostLine, LineInfo } from '../../main/connections/ssh/line.js';
import { AppError } from '../../shared/errors/app-error.js';
import { answers } from './private-sshd.js';
import type { PrivateSshd } from './private-sshd.js';

type ExecOptions = Parameters<HostLine['exec']>[1];

/** The smallest line over the system's `ssh`: one connection for each command. */
export class SshTestLine implements HostLine {
  readonly #sshd: PrivateSshd;
  readonly #port: number;
  readonly #children = new Set<ChildProcess>();
  isUp = false;

  constructor(sshd: PrivateSshd, port: number) {
    this.#sshd = sshd;
    this.#port = port;
  }

  async open(): Promise<LineInfo> {
    this.isUp = await answers(this.#port);
    if (!this.isUp) {
      throw new AppError('HOST_UNREACHABLE', 'Nobody answers there.');
    }
    const address = `127.0.0.1:${this.#port}`;
    return { user: this.#sshd.user, address, fingerprint: 'SHA256:checked-by-ssh' };
  }

  async exec(command: string, options: ExecOptions, signal: AbortSignal) {
    const child = this.#spawn(['127.0.0.1', command]);
    const { stdin, stdout, stderr } = child;
    const onAbort = (): void => {
      child.kill('SIGKILL');
    };
    signal.addEventListener('abort', onAbort);
    stdin.on('error', () => undefined);
    stdout.on('data', options.onStdout);
    stderr.on('data', options.onStderr);
    if (options.onStdin === undefined) {
      stdin.end(options.input);
    } else {
      options.onStdin({
        write: (bytes) => {
          stdin.write(bytes);
        },
        end: () => {
          stdin.end();
        },
      });
    }
    await once(child, 'close');
    signal.removeEventListener('abort', onAbort);
    if (signal.aborted) {
      throw new AppError('STEP_STOPPED', 'Stopped.');
    }
    // 255 is the client's own word for a line that broke; scripts of the suite do not use it.
    if (child.exitCode === null || child.exitCode === 255) {
      this.isUp = false;
      throw new AppError('HOST_LINE_LOST', 'The line broke off.');
    }
    return { exitCode: child.exitCode, signalName: null };
  }

  connect(host: string, port: number): Promise<Duplex> {
    const { stdin, stdout } = this.#spawn(['-W', `${host}:${port}`, '127.0.0.1']);
    return Promise.resolve(Duplex.from({ writable: stdin, readable: stdout }));
  }

  connectSocket(path: string): Promise<Duplex> {
    return this.connectCommand(`exec socat - UNIX-CONNECT:${path}`);
  }

  connectCommand(command: string): Promise<Duplex> {
    const { stdin, stdout } = this.#spawn(['127.0.0.1', command]);
    return Promise.resolve(Duplex.from({ writable: stdin, readable: stdout }));
  }

  close(): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGKILL');
    }
    return Promise.resolve();
  }

  #spawn(args: readonly string[]) {
    const child = spawn('ssh', [...this.#sshd.clientOptions(this.#port), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }
}
