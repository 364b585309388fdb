import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { connect } from 'node:net';
import type { NetConnectOpts } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';
import { userInfo } from 'node:os';
import { AppError } from '../../../shared/errors/app-error.js';
import { errorCodeOf } from '../database/database-errors.js';
import type { ExecEnd, ExecOptions, HostLine, LineInfo } from '../ssh/line.js';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** This laptop in the role of a host, by its own `sh`. What is detached outlives the console, but not the laptop. */
export class LocalLine implements HostLine {
  readonly #children = new Set<Child>();
  #isUp = false;

  get isUp(): boolean {
    return this.#isUp;
  }

  open(signal: AbortSignal): Promise<LineInfo> {
    if (signal.aborted) {
      return Promise.reject(stopped());
    }
    this.#isUp = true;
    const { username: user } = userInfo();
    return Promise.resolve({ user, address: 'this laptop', fingerprint: 'local' });
  }

  exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd> {
    if (signal.aborted) {
      return Promise.reject(stopped());
    }
    const child = spawn('sh', ['-c', command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#children.add(child);
    return follow(child, options, signal).finally(() => this.#children.delete(child));
  }

  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return dial({ host, port, signal }, `${host}:${String(port)}`);
  }

  connectSocket(path: string, signal: AbortSignal): Promise<Duplex> {
    return dial({ path, signal }, path);
  }

  connectCommand(): Promise<Duplex> {
    const text = 'A command of this laptop is never a connection to something else.';
    return Promise.reject(new AppError('HOST_FORWARD_REFUSED', text));
  }

  close(): Promise<void> {
    this.#isUp = false;
    for (const child of this.#children) {
      letGo(child);
    }
    return Promise.resolve();
  }
}

function dial(options: NetConnectOpts, what: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      resolve(socket);
    });
    socket.once('error', (cause) => {
      reject(new AppError('HOST_FORWARD_REFUSED', `${what} does not answer.`, { cause }));
    });
  });
}

const stopped = (): AppError => new AppError('STEP_STOPPED', 'Stopped waiting for this laptop.');

/** As a line that breaks: its outputs are closed and its stdin ends; what it detached goes on. */
function letGo(child: Child): void {
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    stream.destroy();
  }
  child.unref();
}

function follow(child: Child, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      letGo(child);
      reject(stopped());
    };
    const clear = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => {
      options.onStdout(bytes);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      options.onStderr(bytes);
    });
    child.once('error', (cause) => {
      clear();
      const isMissing = errorCodeOf(cause) === 'ENOENT';
      const text = isMissing ? 'There is no sh here.' : cause.message;
      reject(new AppError(isMissing ? 'SHELL_MISSING' : 'HOST_UNREACHABLE', text, { cause }));
    });
    child.once('close', (exitCode, signalName) => {
      clear();
      resolve({ exitCode, signalName });
    });
    feed(child.stdin, options);
  });
}

function feed(stdin: Writable, { input, onStdin }: ExecOptions): void {
  if (onStdin === undefined) {
    stdin.end(input);
    return;
  }
  onStdin({
    write: (bytes) => {
      stdin.write(bytes);
    },
    end: () => {
      stdin.end();
    },
  });
}
