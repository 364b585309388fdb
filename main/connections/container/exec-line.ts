import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ExecEnd, ExecOptions, HostLine, LineInfo } from '../ssh/line.js';
import type { EngineCalls } from './engine-calls.js';
import { ExecFrames } from './exec-frames.js';

export type ContainerPlace = {
  /** For messages: `db on docker`. */
  readonly name: string;
  readonly container: string;
};

/** A running container in the role of a host, by the engine's exec. What is detached in it outlives the line. */
export class ExecLine implements HostLine {
  readonly #engine: EngineCalls;
  readonly #place: ContainerPlace;
  readonly #streams = new Set<Duplex>();
  #isUp = false;

  constructor(engine: EngineCalls, place: ContainerPlace) {
    this.#engine = engine;
    this.#place = place;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  async open(signal: AbortSignal): Promise<LineInfo> {
    const { name, container } = this.#place;
    try {
      const state = await this.#engine.look(container, signal);
      if (!state.isRunning) {
        throw new AppError('HOST_UNREACHABLE', `The container ${name} does not run.`);
      }
      this.#isUp = true;
      return { user: state.user, address: name, fingerprint: `container ${state.id.slice(0, 12)}` };
    } catch (thrown) {
      this.#isUp = false;
      throw this.#asLine(thrown, 'HOST_UNREACHABLE', signal);
    }
  }

  async exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd> {
    const { container } = this.#place;
    let began = false;
    try {
      const id = await this.#engine.createExec(container, ['sh', '-c', command], signal);
      const stream = await this.#engine.startExec(id, signal);
      began = true;
      await this.#follow(stream, options, signal);
      return { exitCode: await this.#engine.exitCodeOf(id, signal), signalName: null };
    } catch (thrown) {
      this.#isUp = false;
      throw this.#asLine(thrown, began ? 'HOST_LINE_LOST' : 'HOST_UNREACHABLE', signal);
    }
  }

  connect(): Promise<Duplex> {
    const text = `No connection can be made from inside the container ${this.#place.name}.`;
    return Promise.reject(new AppError('HOST_FORWARD_REFUSED', text));
  }

  connectSocket(): Promise<Duplex> {
    return this.connect();
  }

  connectCommand(): Promise<Duplex> {
    return this.connect();
  }

  close(): Promise<void> {
    this.#isUp = false;
    for (const stream of this.#streams) {
      stream.destroy();
    }
    return Promise.resolve();
  }

  #asLine(
    thrown: unknown,
    code: 'HOST_UNREACHABLE' | 'HOST_LINE_LOST',
    signal: AbortSignal,
  ): AppError {
    if (signal.aborted) {
      return new AppError('STEP_STOPPED', `Stopped waiting for ${this.#place.name}.`);
    }
    const why = thrown instanceof Error ? thrown.message : 'it gave no reason';
    return thrown instanceof AppError && thrown.code === code
      ? thrown
      : new AppError(code, `The container ${this.#place.name}: ${why}`, { cause: thrown });
  }

  #follow(stream: Duplex, options: ExecOptions, signal: AbortSignal): Promise<void> {
    const frames = new ExecFrames(options);
    this.#streams.add(stream);
    return new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        stream.destroy(new Error('stopped'));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      stream.on('data', (bytes: Buffer) => {
        frames.push(bytes);
      });
      stream.on('error', reject);
      stream.on('end', resolve);
      stream.on('close', () => {
        signal.removeEventListener('abort', onAbort);
        this.#streams.delete(stream);
        reject(new Error('the line to the engine broke'));
      });
      feed(stream, options);
    });
  }
}

function feed(stream: Duplex, { input, onStdin }: ExecOptions): void {
  if (onStdin === undefined) {
    stream.end(input);
    return;
  }
  onStdin({
    write: (bytes) => {
      stream.write(bytes);
    },
    end: () => {
      stream.end();
    },
  });
}
