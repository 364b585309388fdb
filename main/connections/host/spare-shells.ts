import { AppError } from '../../../shared/errors/app-error.js';
import type { ExecEnd, ExecStdin, HostLine } from '../ssh/line.js';

export type ShellListener = {
  readonly onStdout: (bytes: Uint8Array) => void;
  readonly onStderr: (bytes: Uint8Array) => void;
};

/** What a login shell prints before anybody listens; only its end is kept. */
const maxEarlyBytes = 4_096;
/** So many are begun at once: one after the other is slow over a far line, and all at once burdens a host that is at work. */
const abreast = 3;
/** A long piece of work is no reason to be slow for all of its time. */
const longestStillMs = 3_000;

/**
 * Shells that were begun on the host before anybody has a script for them: with one, a script costs one round trip of the
 * line instead of three. Each takes one script and ends with it, so a script that hangs holds up no other. They give way
 * where the server takes no more channels.
 */
export class SpareShells {
  readonly #line: HostLine;
  readonly #spares = new Map<string, Set<SpareShell>>();
  readonly #wanted = new Map<string, number>();
  /** How many are being begun. */
  readonly #rows = new Map<string, number>();
  #still: Promise<void> | null = null;

  constructor(line: HostLine) {
    this.#line = line;
  }

  /** One that is ready or will be soon; null where there is none. */
  take(command: string): SpareShell | null {
    const spares = [...this.#of(command)];
    const spare = spares.find(({ isReady }) => isReady) ?? spares[0] ?? null;
    if (spare !== null) {
      this.#of(command).delete(spare);
    }
    return spare;
  }

  hasReady(command: string): boolean {
    return [...this.#of(command)].some(({ isReady }) => isReady);
  }

  /** Sees to it that so many are there, in the background; of the others too, for which there may have been no room before. */
  stock(command: string, count: number): void {
    this.#wanted.set(command, count);
    for (const wanted of this.#wanted.keys()) {
      this.#fill(wanted);
    }
  }

  /**
   * Begins no shell until the returned function is called, for a while at most: a login takes the host's processor, which
   * a service that is being started needs more.
   */
  holdStill(): () => void {
    const still = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      still.resolve(undefined);
    }, longestStillMs);
    timer.unref();
    this.#still = still.promise;
    return () => {
      clearTimeout(timer);
      still.resolve(undefined);
    };
  }

  /** No more of them are begun; those that stand there stay. */
  stopStocking(command: string): void {
    this.#wanted.delete(command);
  }

  #fill(command: string): void {
    for (let rows = this.#rows.get(command) ?? 0; rows < abreast; rows += 1) {
      this.#rows.set(command, rows + 1);
      void this.#begin(command).finally(() => {
        this.#rows.set(command, (this.#rows.get(command) ?? 1) - 1);
      });
    }
  }

  /** Only so many in one go: where they end as soon as they stand there, more would do so too. */
  async #begin(command: string): Promise<void> {
    const spares = this.#of(command);
    const wanted = (): number => this.#wanted.get(command) ?? 0;
    for (let begun = 0; begun < wanted(); begun += 1) {
      await this.#still;
      if (spares.size >= wanted() || !this.#line.isUp) {
        return;
      }
      const spare: SpareShell = new SpareShell(this.#line, command, () => spares.delete(spare));
      spares.add(spare);
      if (!(await spare.begun)) {
        return;
      }
    }
  }

  #of(command: string): Set<SpareShell> {
    const spares = this.#spares.get(command) ?? new Set();
    this.#spares.set(command, spares);
    return spares;
  }
}

/** One shell that waits for its script. */
export class SpareShell {
  /** Whether it came to stand there. */
  readonly begun: Promise<boolean>;
  readonly #abort = new AbortController();
  readonly #ended: Promise<ExecEnd>;
  readonly #forget: () => boolean;
  #early: (readonly [keyof ShellListener, Uint8Array])[] = [];
  #earlyBytes = 0;
  #listener: ShellListener | null = null;
  #stdin: ExecStdin | null = null;

  /** `forget` takes it out of the stock; false where it was taken before. */
  constructor(line: HostLine, command: string, forget: () => boolean) {
    this.#forget = forget;
    const ready = Promise.withResolvers<boolean>();
    const hear = (stream: keyof ShellListener) => (bytes: Uint8Array) => {
      this.#hear(stream, bytes);
    };
    this.#ended = line.exec(
      command,
      {
        onStdout: hear('onStdout'),
        onStderr: hear('onStderr'),
        onStdin: (stdin) => {
          this.#stdin = stdin;
          ready.resolve(true);
        },
        onWanted: () => this.#giveWay(),
      },
      this.#abort.signal,
    );
    const over = (): void => {
      forget();
      ready.resolve(false);
    };
    this.#ended.then(over, over);
    this.begun = ready.promise;
  }

  get isReady(): boolean {
    return this.#stdin !== null;
  }

  /** Says the script to it. Null where it never came to stand there: then nothing was said. */
  async say(
    input: Uint8Array,
    staysOpen: boolean,
    listener: ShellListener,
    signal: AbortSignal,
  ): Promise<ExecEnd | null> {
    const stop = (): void => {
      this.#abort.abort();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      stop();
    }
    try {
      await this.begun;
      if (this.#stdin === null) {
        return null;
      }
      this.#listen(listener);
      this.#stdin.write(input);
      if (!staysOpen) {
        this.#stdin.end();
      }
      return await this.#ended;
    } catch (thrown) {
      if (isRefusal(thrown)) {
        return null;
      }
      throw thrown;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #giveWay(): boolean {
    const isSpare = this.#forget();
    if (isSpare) {
      this.#abort.abort();
    }
    return isSpare;
  }

  #hear(stream: keyof ShellListener, bytes: Uint8Array): void {
    if (this.#listener !== null) {
      this.#listener[stream](bytes);
      return;
    }
    const end = Uint8Array.from(bytes.subarray(-maxEarlyBytes));
    this.#early.push([stream, end]);
    this.#earlyBytes += end.length;
    while (this.#earlyBytes > maxEarlyBytes) {
      this.#earlyBytes -= this.#early.shift()?.[1].length ?? 0;
    }
  }

  #listen(listener: ShellListener): void {
    this.#listener = listener;
    for (const [stream, bytes] of this.#early.splice(0)) {
      listener[stream](bytes);
    }
  }
}

/** A channel that the server did not give has begun nothing, even where its input had been taken already. */
export function isRefusal(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    (thrown.code === 'HOST_CHANNELS_EXHAUSTED' || thrown.code === 'HOST_EXEC_REFUSED')
  );
}
