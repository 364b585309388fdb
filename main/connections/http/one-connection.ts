import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { likeSocket } from '../like-socket.js';

/**
 * An agent for the one connection it was given: it never makes another, so whoever asks by it knows which connection the
 * request went over.
 */
export class OneConnection extends Agent {
  /** Whether the other side is asked to leave it open, so that it can be used again. */
  readonly keeps: boolean;
  readonly #stream: Duplex;
  #isTaken = false;

  constructor(stream: Duplex, protocol: string, keeps: boolean) {
    super({ keepAlive: keeps });
    // Node compares it with the address; not in its types.
    Reflect.set(this, 'protocol', protocol);
    this.keeps = keeps;
    this.#stream = stream;
    // At rest nobody else would hear that the other side has ended it, and only both ends close it.
    stream.on('end', () => {
      stream.destroy();
    });
    stream.on('error', () => undefined);
  }

  /** Whether it is open, as far as was heard here; only the next answer can prove it. */
  get isOpen(): boolean {
    return !this.#stream.destroyed && this.#stream.writable && !this.#stream.readableEnded;
  }

  /** Whether a whole exchange was made by it and it can carry another. */
  get isAtRest(): boolean {
    return this.isOpen && Object.values(this.freeSockets).some((sockets) => sockets?.length === 1);
  }

  close(): void {
    this.#stream.destroy();
  }

  override createConnection(): Duplex {
    if (this.#isTaken) {
      throw new Error('The connection was closed.');
    }
    this.#isTaken = true;
    return likeSocket(this.#stream);
  }
}
