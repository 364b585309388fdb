import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import { errorTexts } from '../../../shared/errors/error-texts.js';
import type { Light } from '../../../shared/ipc/views.js';
import type { HostAddress } from '../../../shared/runbook/environment-schema.js';
import type { HostInfo, HostPort } from '../ports.js';
import type { EngineHost } from '../docker/ssh-way.js';
import type { HostChannels, HostLocks, HostOutput, HostScript } from '../host-types.js';
import { gatedHost } from './gated-host.js';
import type { HostOpener, LineState, OpenedHost } from './host-opener.js';

export type HostKeeperOptions = {
  readonly environment: string;
  readonly address: HostAddress;
  readonly opener: HostOpener;
  /** Called whenever the light has changed. */
  readonly onLight: () => void;
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

const RETRY_MS = 3_000;

/**
 * Keeps one host of an environment for a run: one attempt to connect at a time, whoever waits for it, so that no question
 * is asked twice and none goes away because somebody was in a hurry.
 */
export class HostKeeper {
  readonly name: string;
  /** Connects where there is no connection, and waits for what the operator has to say. */
  readonly port: HostPort & HostLocks & HostChannels;
  /** For what looks again and again by itself: never begins a connection, rejects at once where there is none. */
  readonly quiet: HostPort & HostLocks & HostChannels;
  readonly #options: HostKeeperOptions;
  readonly #opened: OpenedHost;
  readonly #abort = new AbortController();
  #state: LineState | null = null;
  #info: HostInfo | null = null;
  #attempt: Promise<void> | null = null;
  #failure: unknown = null;
  #uses: readonly string[] = [];
  #isKeeping = false;

  constructor(options: HostKeeperOptions) {
    const { environment, address, opener } = options;
    this.#options = options;
    this.name = address.name;
    this.#opened = opener.open({ environment, address }, (state) => {
      this.#onState(state);
    });
    this.port = {
      ...gatedHost(this.#opened.port, (signal) => this.#connected(signal)),
      read: (script, signal) => this.#read(script, signal),
    };
    this.quiet = gatedHost(this.#opened.port, () => this.#mustBeUp());
  }

  /** For who uses the connection by itself: both wait like their ports. */
  engineHost(isQuiet: boolean): EngineHost {
    const port = isQuiet ? this.quiet : this.port;
    const ready = (signal: AbortSignal) => (isQuiet ? this.#mustBeUp() : this.#connected(signal));
    return {
      name: this.name,
      ready,
      connectSocket: (path, signal) => port.connectSocket(path, signal),
      connectCommand: (command, signal) => port.connectCommand(command, signal),
    };
  }

  get light(): Light {
    return { name: this.name, ...this.#words(), uses: [...this.#uses] };
  }

  /** Connects, and again whenever the line was lost, until closed. A host that refuses us is not asked again unbidden. */
  keep(): void {
    if (!this.#isKeeping) {
      this.#isKeeping = true;
      void this.#describe();
      void this.#keep();
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#opened.close();
  }

  #words(): Pick<Light, 'state' | 'text'> {
    if (this.#state === 'up') {
      const { user, address, fingerprint } = this.#info ?? {};
      const text =
        user === undefined ? 'connected' : `${user} at ${address ?? '?'}, ${fingerprint ?? '?'}`;
      return { state: 'ok', text };
    }
    if (this.#state === 'reconnecting') {
      return { state: 'checking', text: 'line lost, reconnecting' };
    }
    const failure = this.#failure;
    if (failure !== null) {
      // What it means comes first: the details may not fit beside the light.
      const text =
        failure instanceof AppError
          ? `${errorTexts[failure.code].happened} ${failure.message}`
          : 'The connection failed; see the app log.';
      return { state: 'bad', text };
    }
    return { state: 'checking', text: 'connecting' };
  }

  async #keep(): Promise<void> {
    const { signal } = this.#abort;
    const { delay = pause } = this.#options;
    while (!signal.aborted) {
      if (this.#state !== 'up' && mayTryAgain(this.#failure)) {
        await this.#connected(signal).catch(() => undefined);
      }
      await delay(RETRY_MS, signal).catch(() => undefined);
    }
  }

  /** Not being able to say what will be used is no reason not to try it. */
  async #describe(): Promise<void> {
    const { opener, address, onLight } = this.#options;
    this.#uses = await opener.describe(address, this.#abort.signal).catch(() => []);
    onLight();
  }

  async #connected(signal: AbortSignal): Promise<void> {
    if (this.#state === 'up') {
      return;
    }
    this.#attempt ??= this.#connect().finally(() => {
      this.#attempt = null;
    });
    await unlessAborted(this.#attempt, signal, this.name);
  }

  /**
   * The first looks of who logged in are made beside the question which machine this is: over a far line each wait for an
   * answer counts. Nobody is given what they saw before the machine has shown that it is the right one. What asks for
   * another account waits, for that may take a password.
   */
  async #read(script: HostScript, signal: AbortSignal): Promise<HostOutput> {
    const connected = this.#connected(signal);
    if (script.as !== 'login' || this.#info !== null || this.#failure !== null) {
      await connected;
      return this.#opened.port.read(script, signal);
    }
    const seen = this.#opened.port.read(script, signal);
    seen.catch(() => undefined);
    await connected;
    return seen;
  }

  async #connect(): Promise<void> {
    try {
      this.#info = await this.#opened.port.info(this.#abort.signal);
      this.#failure = null;
      this.#state = 'up';
    } catch (thrown) {
      this.#failure = thrown;
      this.#state = 'down';
      throw thrown;
    } finally {
      this.#options.onLight();
    }
  }

  #mustBeUp(): Promise<void> {
    return this.#state === 'up'
      ? Promise.resolve()
      : Promise.reject(new AppError('HOST_UNREACHABLE', `There is no line to ${this.name} now.`));
  }

  #onState(state: LineState): void {
    // A line that came back is up once the machine behind it has shown that it is the same.
    if (state !== 'up') {
      this.#state = state;
    } else if (this.#state !== 'up') {
      void this.#connected(this.#abort.signal).catch(() => undefined);
    }
    this.#options.onLight();
  }
}

/** What asked a person, or refused us, would only ask and refuse again. */
function mayTryAgain(failure: unknown): boolean {
  return (
    failure === null ||
    (failure instanceof AppError &&
      (failure.code === 'HOST_UNREACHABLE' || failure.code === 'HOST_LINE_LOST'))
  );
}

/** The attempt goes on; only this waiting for it ends. */
function unlessAborted(work: Promise<void>, signal: AbortSignal, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(new AppError('STEP_STOPPED', `Stopped waiting for the connection to ${name}.`));
    };
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal });
