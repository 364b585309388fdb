import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ExecEnd, ExecOptions, HostLine, LineInfo } from '../ssh/line.js';
import type { EngineCalls } from './engine-calls.js';
import { ExecFrames } from './exec-frames.js';
import { execWords, probeWords, readProbe } from './guard.js';

export type ContainerPlace = {
  /** For messages: `db on docker`. */
  readonly name: string;
  readonly container: string;
};

/** An engine says late that a program has ended whose outputs have. */
const endPausesMs = [5, 10, 20, 50, 100, 200, 400];

type Opened = { readonly info: LineInfo; readonly isGuarded: boolean };

/**
 * A running container in the role of a host, by the engine's exec. What is detached in it outlives the line, and is kept
 * apart from the container's first process (guard.ts).
 */
export class ExecLine implements HostLine {
  readonly #engine: EngineCalls;
  readonly #place: ContainerPlace;
  readonly #streams = new Set<Duplex>();
  #opened: Opened | null = null;
  #closings = 0;

  constructor(engine: EngineCalls, place: ContainerPlace) {
    this.#engine = engine;
    this.#place = place;
  }

  get isUp(): boolean {
    return this.#opened !== null;
  }

  async open(signal: AbortSignal): Promise<LineInfo> {
    this.#opened ??= await this.#open(signal).catch((thrown: unknown) => {
      throw this.#asLine(thrown, 'HOST_UNREACHABLE', signal);
    });
    return this.#opened.info;
  }

  async exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd> {
    const opened = this.#opened;
    if (opened === null) {
      throw new AppError('HOST_UNREACHABLE', `There is no line to ${this.#place.name}.`);
    }
    if (options.onWanted !== undefined && !this.#engine.hasRoom) {
      const text = `${this.#place.name} has no room for a spare channel.`;
      throw new AppError('HOST_CHANNELS_EXHAUSTED', text);
    }
    return this.#exec(execWords(command, opened.isGuarded), options, signal);
  }

  async #exec(
    words: readonly string[],
    options: ExecOptions,
    signal: AbortSignal,
  ): Promise<ExecEnd> {
    let began = false;
    const closings = this.#closings;
    try {
      const id = await this.#engine.createExec(this.#place.container, words, signal);
      const stream = await this.#engine.startExec(id, signal);
      began = true;
      if (closings !== this.#closings) {
        // Closed while it began: nobody would ever hang up.
        stream.destroy();
        throw new Error('the line was closed');
      }
      await this.#follow(stream, options, signal);
      return { exitCode: await this.#exitCodeOf(id, signal), signalName: null };
    } catch (thrown) {
      const said = this.#asLine(thrown, began ? 'HOST_LINE_LOST' : 'HOST_UNREACHABLE', signal);
      if (said.code !== 'STEP_STOPPED') {
        this.#opened = null;
      }
      throw said;
    }
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { name, container } = this.#place;
    const state = await this.#engine.look(container, signal);
    if (!state.isRunning) {
      throw new AppError('HOST_UNREACHABLE', `The container ${name} does not run.`);
    }
    const said: Uint8Array[] = [];
    const hear = (bytes: Uint8Array): void => {
      said.push(bytes);
    };
    await this.#exec(probeWords, { onStdout: hear, onStderr: hear }, signal);
    const { isGuarded, isServerFirst } = readProbe(Buffer.concat(said).toString('utf8'));
    if (isServerFirst && !isGuarded) {
      throw new AppError('DATABASE_TOOLS_MISSING', serverFirst);
    }
    const fingerprint = `container ${state.id.slice(0, 12)}`;
    return { info: { user: state.user, address: name, fingerprint }, isGuarded };
  }

  async #exitCodeOf(id: string, signal: AbortSignal): Promise<number | null> {
    for (const pauseMs of endPausesMs) {
      const exitCode = await this.#engine.exitCodeOf(id, signal);
      if (exitCode !== null) {
        return exitCode;
      }
      await wait(pauseMs, undefined, { signal });
    }
    // Something it left behind is still there.
    return null;
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
    this.#closings += 1;
    this.#opened = null;
    for (const stream of this.#streams) {
      stream.destroy();
    }
    return Promise.resolve();
  }

  /** A container that is not there or does not answer may come back; what else stands in the way says so itself. */
  #asLine(
    thrown: unknown,
    code: 'HOST_UNREACHABLE' | 'HOST_LINE_LOST',
    signal: AbortSignal,
  ): AppError {
    if (signal.aborted) {
      return new AppError('STEP_STOPPED', `Stopped waiting for ${this.#place.name}.`);
    }
    if (thrown instanceof AppError && !mayComeBack.has(thrown.code)) {
      return thrown;
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

const mayComeBack: ReadonlySet<string> = new Set([
  'DOCKER_UNREACHABLE',
  'DOCKER_CONTAINER_MISSING',
  'DOCKER_REFUSED',
  'HOST_UNREACHABLE',
  'HOST_LINE_LOST',
]);

const serverFirst =
  'PostgreSQL is the first process there and would take our work for its own, and there is no perl that could keep it apart; start that container with `init: true`, or name a host or a container of programs beside it';

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
