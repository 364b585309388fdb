/**
 * A line between a client and a machine that can be cut, silenced and made long. A proxy of TCP on a port of
 * 127.0.0.1 of its own; nothing of what it does touches the machine or anybody else's line.
 */
import { connect, createServer } from 'node:net';

/**
 * @typedef {object} Line
 * @property {number} port
 * @property {() => void} cut ends every connection and refuses new ones, as an unplugged machine nearby does
 * @property {() => void} silence loses nothing and passes nothing on, as a network without a route does
 * @property {() => void} mend
 * @property {(delayMs: number) => void} lengthen how long each byte is under way, in each direction
 * @property {() => number} connections how many stand
 * @property {() => Promise<void>} close
 */

/**
 * @param {number} target a port of 127.0.0.1
 * @param {{ delayMs?: number, port?: number }} [options] `port` 0 is any free one
 * @returns {Promise<Line>}
 */
export async function openLine(target, { delayMs = 0, port = 0 } = {}) {
  /** @type {'open' | 'silent' | 'cut'} */
  let state = 'open';
  let delay = delayMs;
  /** @type {Set<() => void>} */
  const resumers = new Set();
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();

  /** @param {import('node:net').Socket} from @param {import('node:net').Socket} to @param {number} extraTrips */
  const pass = (from, to, extraTrips) => {
    /** @type {(() => void)[]} */
    const queue = [];
    const flush = () => {
      while (state === 'open' && queue.length > 0) {
        queue.shift()?.();
      }
    };
    resumers.add(flush);
    // One clock for all that is under way: of two timers the later one may fire first, and bytes that overtook others
    // would be another fault than a long line has.
    /** @type {{ dueMs: number, deliver: () => void }[]} */
    const underWay = [];
    const openedMs = performance.now();
    let isTimed = false;
    const arrive = () => {
      isTimed = false;
      while (underWay[0] !== undefined && underWay[0].dueMs <= performance.now()) {
        queue.push(...underWay.splice(0, 1).map(({ deliver }) => deliver));
      }
      flush();
      const [next] = underWay;
      if (next !== undefined) {
        isTimed = true;
        setTimeout(arrive, Math.ceil(next.dueMs - performance.now()));
      }
    };
    /** @param {() => void} deliver */
    const send = (deliver) => {
      const dueMs = Math.max(performance.now() + delay, openedMs + delay * extraTrips);
      underWay.push({ dueMs, deliver });
      if (!isTimed) {
        arrive();
      }
    };
    from.on('data', (bytes) => send(() => to.write(bytes)));
    from.on('end', () => send(() => to.end()));
    from.on('close', () => {
      resumers.delete(flush);
      send(() => to.destroy());
    });
    from.on('error', () => {});
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    // A client that connects here is answered at once; over a long line the connection itself takes a way there and
    // one back before the client's first byte leaves, and one there again before the machine greets.
    pass(near, far, 3);
    pass(far, near, 4);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();

  const destroyAll = () => {
    for (const socket of sockets) {
      socket.resetAndDestroy();
    }
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => {
      state = 'cut';
      destroyAll();
    },
    silence: () => {
      state = 'silent';
    },
    mend: () => {
      state = 'open';
      for (const resume of resumers) {
        resume();
      }
    },
    lengthen: (delayMs) => {
      delay = delayMs;
    },
    connections: () => sockets.size / 2,
    close: () => {
      destroyAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
