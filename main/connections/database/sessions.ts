import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import { connectError, isGone, serverWordsOf } from './database-errors.js';
import { dialVerified } from './dial.js';
import type { Dial } from './dial.js';
import type { DatabasePasswords, PasswordOf } from './passwords.js';
import type { WireSession } from './wire.js';

export type SessionsOptions = {
  /** The name in the environment, for messages. */
  readonly name: string;
  readonly place: DatabasePlace;
  readonly ca?: string | undefined;
  readonly secret: string;
  /** `host:port`, with the host of the tunnel where there is one. */
  readonly address: string;
  readonly dial: Dial;
  readonly passwords: DatabasePasswords;
  readonly connectTimeoutMs?: number;
};

export type Session = WireSession & { readonly answeredBy: number };

const usualTimeoutMs = 15_000;
const maxPasswords = 3;
const wrongPassword = '28P01';
/** A session that nobody uses would stand in the way of a database's renaming. */
const idleMs = 5_000;

/** Opens sessions of one database and keeps the last one for a moment. */
export class Sessions {
  readonly options: SessionsOptions;
  #idle: Session | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SessionsOptions) {
    this.options = options;
  }

  /** `isFresh`: not one that stood idle, whose line may be gone without anybody having noticed. */
  async take(signal: AbortSignal, isFresh = false): Promise<Session> {
    const idle = this.#idle;
    this.#idle = null;
    clearTimeout(this.#timer);
    if (idle !== null && !idle.isOver && !isFresh) {
      return idle;
    }
    idle?.close();
    return this.open(signal);
  }

  give(session: Session): void {
    if (session.isOver || this.#idle !== null) {
      session.close();
      return;
    }
    this.#idle = session;
    this.#timer = setTimeout(() => {
      this.release();
    }, idleMs);
    this.#timer.unref();
  }

  /** Ends what stands idle. */
  release(): void {
    clearTimeout(this.#timer);
    this.#idle?.close();
    this.#idle = null;
  }

  async open(signal: AbortSignal): Promise<Session> {
    const { name, address } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      throwIfStopped(signal, name);
      try {
        return await this.#open(signal);
      } catch (thrown) {
        throwIfStopped(signal, name);
        const isWrong = serverWordsOf(thrown)?.code === wrongPassword;
        const mayAsk = isWrong && this.options.passwords.wasWrong(this.#passwordOf());
        if (!mayAsk || attempt === maxPasswords) {
          throw connectError(thrown, name, address);
        }
      }
    }
  }

  async password(signal: AbortSignal): Promise<string> {
    return this.options.passwords.get(this.#passwordOf(), signal);
  }

  async #open(signal: AbortSignal): Promise<Session> {
    const { name, place, ca, dial, passwords, connectTimeoutMs = usualTimeoutMs } = this.options;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
    // Loaded here, because a console without a database need not wait for it.
    const [{ openWireSession }, stream] = await Promise.all([
      import('../postgres-adapter.js'),
      dialVerified(name, place, ca, dial, limited),
    ]);
    const patience = new Patience(signal, connectTimeoutMs, () => stream.destroy());
    try {
      const wire = await openWireSession(stream, place, () =>
        // A person takes longer than a server may.
        patience.pausedFor(() => this.password(signal)),
      );
      passwords.wasRight(this.#passwordOf());
      const [welcome] = await wire.query({ sql: 'SELECT pg_backend_pid() AS pid' });
      const answeredBy = Number(welcome?.rows[0]?.['pid']);
      return sessionOf(wire, answeredBy);
    } catch (thrown) {
      stream.destroy();
      throw patience.isOver ? new Error('no answer in time') : thrown;
    } finally {
      patience.end();
    }
  }

  #passwordOf(): PasswordOf {
    const { name, secret, place, address } = this.options;
    return { database: name, secret, user: place.user, address };
  }
}

const sessionOf = (wire: WireSession, answeredBy: number): Session => ({
  greetedBy: wire.greetedBy,
  get isOver() {
    return wire.isOver;
  },
  ended: wire.ended,
  query: (statement) => wire.query(statement),
  close: () => {
    wire.close();
  },
  destroy: () => {
    wire.destroy();
  },
  answeredBy,
});

/** Gives up on a greeting that does not come; the time in which a person is asked does not count. */
class Patience {
  readonly #signal: AbortSignal;
  readonly #timeoutMs: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;
  isOver = false;

  constructor(signal: AbortSignal, timeoutMs: number, giveUp: () => void) {
    this.#signal = signal;
    this.#timeoutMs = timeoutMs;
    this.#giveUp = giveUp;
    signal.addEventListener('abort', giveUp, { once: true });
    this.#start();
  }

  async pausedFor<T>(work: () => Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    try {
      return await work();
    } finally {
      this.#start();
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#giveUp);
  }

  #start(): void {
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#giveUp();
    }, this.#timeoutMs);
  }
}

export function throwIfStopped(signal: AbortSignal, name: string): void {
  if (signal.aborted) {
    throw new AppError('STEP_STOPPED', `Stopped waiting for ${name}.`);
  }
}

/** Whether the session is of no use any more after this. */
export const isLost = (thrown: unknown): boolean => {
  const words = serverWordsOf(thrown);
  return !(thrown instanceof AppError) && (words === null || isGone(words));
};
