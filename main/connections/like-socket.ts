import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What Node's agents call on a socket of the system; a channel of SSH needs none of it. */
export function likeSocket(stream: Duplex): Duplex {
  return stream instanceof Socket
    ? stream
    : Object.assign(stream, {
        ref: nothing,
        unref: nothing,
        setKeepAlive: nothing,
        setNoDelay: nothing,
        setTimeout: nothing,
      });
}

const nothing = (): void => undefined;
