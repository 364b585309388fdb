import type { Duplex } from 'node:stream';
import { orStopped } from '../ssh/or-stopped.js';
import { OneConnection } from './one-connection.js';

/** Opens the connection that a request is sent over. Rejects with the host's own errors where it cannot tell who listens. */
export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** Used at once or not at all: there are services that take one caller at a time, and this one says nothing yet. */
const aheadMs = 2_000;
/** Less than the five seconds for which most services leave a connection at rest open. */
const atRestMs = 4_000;

/**
 * The connections that a host makes for our requests. Each costs a way over its line before anything can be asked, so one
 * may be opened ahead, and one that has carried an answer stays open for a while.
 */
export class Tunnel {
  readonly #dial: Dial;
  readonly #keeps: boolean;
  #letGone = 0;
  readonly #ahead = new Waiting<Promise<OneConnection | null>>(aheadMs, (opening) => {
    void opening.then((connection) => connection?.close());
  });
  readonly #atRest = new Waiting<OneConnection>(atRestMs, (connection) => {
    connection.close();
  });

  constructor(dial: Dial, keeps: boolean) {
    this.#dial = dial;
    this.#keeps = keeps;
  }

  /** One that was used before; null where none is open any more, as far as was heard here. */
  takeUsed({ origin }: URL): OneConnection | null {
    const connection = this.#atRest.take(origin);
    return connection?.isAtRest === true ? connection : null;
  }

  /** One that nothing was sent over yet. */
  async open(url: URL, signal: AbortSignal): Promise<OneConnection> {
    const opening = this.#ahead.take(url.origin);
    const opened =
      opening === null
        ? null
        : await orStopped(opening, signal, {
            stopped: () => new Error('called off'),
            tooLate: (connection) => connection?.close(),
          });
    return opened?.isOpen === true ? opened : this.#connect(url, signal);
  }

  /** Whether it worked is for the request to find out. */
  openAhead(url: URL): void {
    const opening = this.#connect(url, AbortSignal.timeout(aheadMs)).catch(() => null);
    this.#ahead.put(url.origin, opening);
  }

  /** How often those that were used were let go of. */
  get letGone(): number {
    return this.#letGone;
  }

  /** After a whole answer; the other side may have closed it by then. One whose request was sent before the last letting go is closed. */
  keep({ origin }: URL, connection: OneConnection, letGone: number): void {
    if (this.#keeps && letGone === this.#letGone) {
      this.#atRest.put(origin, connection);
    } else {
      connection.close();
    }
  }

  letGo(): void {
    this.#letGone += 1;
    this.#atRest.clear();
  }

  async #connect(url: URL, signal: AbortSignal): Promise<OneConnection> {
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    signal.throwIfAborted();
    const socket = await this.#dial(host, port, signal);
    // Whatever happens to it before the request has it must not end the process.
    socket.on('error', () => undefined);
    if (!isSecure) {
      // Read from now on, though nothing is to come yet: else nobody would hear that the other side has ended it.
      return new OneConnection(socket.resume(), url.protocol, this.#keeps);
    }
    const { connect } = await import('node:tls');
    return new OneConnection(connect({ socket, servername: host }), url.protocol, this.#keeps);
  }
}

/** One of a kind for each origin, let go of after a time. */
class Waiting<T> {
  readonly #afterMs: number;
  readonly #letGo: (one: T) => void;
  readonly #all = new Map<string, { readonly one: T; readonly timer: NodeJS.Timeout }>();

  constructor(afterMs: number, letGo: (one: T) => void) {
    this.#afterMs = afterMs;
    this.#letGo = letGo;
  }

  put(origin: string, one: T): void {
    this.#drop(origin);
    const timer = setTimeout(() => {
      this.#drop(origin);
    }, this.#afterMs);
    timer.unref();
    this.#all.set(origin, { one, timer });
  }

  take(origin: string): T | null {
    const found = this.#all.get(origin);
    clearTimeout(found?.timer);
    this.#all.delete(origin);
    return found?.one ?? null;
  }

  clear(): void {
    for (const origin of [...this.#all.keys()]) {
      this.#drop(origin);
    }
  }

  #drop(origin: string): void {
    const one = this.take(origin);
    if (one !== null) {
      this.#letGo(one);
    }
  }
}
