import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTunnelledHttp } from '../../../../../main/connections/http/tunnelled-http.js';
import { AppError } from '../../../../../shared/errors/app-error.js';

const { signal } = new AbortController();

type Listener = (request: IncomingMessage, response: ServerResponse, asked: number) => void;
const well: Listener = (_request, response) => response.end('well');

/** As a channel of SSH: what the other side's end means is left to whoever uses it, and heard only by one who reads. */
function channelOf(socket: Socket): Duplex {
  const channel = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(chunk, (error) => {
        done(error);
      });
    },
    final: (done) => {
      socket.end(done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => channel.push(chunk));
  socket.on('end', () => channel.push(null));
  return channel;
}

/** A service behind a host that counts the connections it makes, and what comes in at the service. */
async function behindAHost({ listener = well, keeps = true, timeoutMs = 5_000 } = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.method ?? '');
    listener(request, response, asked.length);
  }).listen(0, '127.0.0.1');
  const callers: Socket[] = [];
  server.on('connection', (socket) => callers.push(socket));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const dialled: Duplex[] = [];
  const away = { isDown: false };
  const dial = async (): Promise<Duplex> => {
    if (away.isDown) {
      throw new AppError('HOST_FORWARD_REFUSED', 'refused');
    }
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const channel = channelOf(socket);
    dialled.push(channel);
    return channel;
  };
  const http = createTunnelledHttp(dial, { keeps });
  const url = 'http://service/health';
  const common = { url, timeoutMs };
  return {
    ...{ http, url, asked, callers, dialled, away },
    get: (mayReuse: boolean) => http.request({ ...common, method: 'GET', mayReuse }, signal),
    post: () => http.request({ ...common, method: 'POST', body: '{}' }, signal),
  };
}

/** The other side is heard to have closed it. */
const closed = (stream: Duplex) =>
  vi.waitFor(() => {
    expect(stream.destroyed).toBe(true);
  });

test('a look that may reuse a connection goes over the one that brought an answer before', async () => {
  const { get, post, dialled } = await behindAHost();
  await get(false);
  await get(true);
  expect(dialled).toHaveLength(1);
  await post();
  await get(true);
  expect(dialled).toHaveLength(2);
  expect(dialled[0]?.destroyed).toBe(true);
});

test('every other request has a connection of its own', async () => {
  const { get, post, dialled } = await behindAHost();
  await get(false);
  await get(false);
  await post();
  expect(dialled).toHaveLength(3);
});

test('who measures has a connection for each look, and none stays open', async () => {
  const { get, dialled } = await behindAHost({ keeps: false });
  await get(true);
  await get(true);
  expect(dialled).toHaveLength(2);
  await Promise.all(dialled.map(closed));
});

test('nothing goes over a connection from before a change', async () => {
  const { http, get, dialled } = await behindAHost();
  await get(false);
  http.letGo();
  await get(true);
  expect(dialled).toHaveLength(2);
  expect(dialled[0]?.destroyed).toBe(true);
});

test('nor over one whose look was under way when the change began', async () => {
  const held = Promise.withResolvers<undefined>();
  const { http, get, asked, dialled } = await behindAHost({
    listener: (_request, response) => {
      void held.promise.then(() => response.end('well'));
    },
  });
  const early = get(false);
  await vi.waitFor(() => {
    expect(asked).toHaveLength(1);
  });
  http.letGo();
  held.resolve(undefined);
  await early;
  await get(true);
  expect(dialled).toHaveLength(2);
});

test('a connection that was opened ahead of a change, and carried its request behind it, is kept', async () => {
  const { http, url, get, post, dialled } = await behindAHost();
  http.openAhead(url);
  await vi.waitFor(() => {
    expect(dialled).toHaveLength(1);
  });
  http.letGo();
  await post();
  await get(true);
  expect(dialled).toHaveLength(1);
});

test('a connection that the service has closed is not taken', async () => {
  const { get, callers, dialled, asked } = await behindAHost();
  await get(false);
  callers[0]?.end();
  await closed(dialled[0]!);
  expect(await get(true)).toMatchObject({ status: 200 });
  expect(asked).toHaveLength(2);
});

test.each<[string, Listener]>([
  ['is closed', (request) => request.socket.destroy()],
  ['falls silent', () => undefined],
])(
  'a look over a connection that %s then is no answer of the service: it is asked anew',
  async (_what, fault) => {
    const { get, asked, dialled } = await behindAHost({
      timeoutMs: 1_000,
      listener: (request, response, count) => {
        (count === 2 ? fault : well)(request, response, count);
      },
    });
    await get(false);
    expect(await get(true)).toMatchObject({ status: 200, body: 'well' });
    expect(asked).toHaveLength(3);
    expect(dialled).toHaveLength(2);
  },
);

test('a look that finds nobody any more says so', async () => {
  const { get, away, callers } = await behindAHost();
  await get(false);
  away.isDown = true;
  callers[0]?.destroy();
  await expect(get(true)).rejects.toThrow(/nobody listens there/);
});

test('a POST that may have been received is never sent again', async () => {
  const { get, post, asked, http, url } = await behindAHost({
    listener: (request, response, count) => {
      if (request.method === 'POST') {
        request.socket.destroy();
      } else {
        well(request, response, count);
      }
    },
  });
  await get(false);
  await expect(post()).rejects.toMatchObject({ code: 'HTTP_NO_ANSWER' });
  http.openAhead(url);
  await expect(post()).rejects.toMatchObject({ code: 'HTTP_NO_ANSWER' });
  expect(asked).toEqual(['GET', 'POST', 'POST']);
});

test('a connection that was opened ahead carries the next request', async () => {
  const { http, url, post, get, dialled, callers } = await behindAHost();
  http.openAhead(url);
  await vi.waitFor(() => {
    expect(callers).toHaveLength(1);
  });
  await post();
  await get(true);
  expect(dialled).toHaveLength(1);
});

test('one that was closed meanwhile, or could not be opened then, is made anew', async () => {
  const { http, url, post, dialled, callers, away, asked } = await behindAHost();
  http.openAhead(url);
  await vi.waitFor(() => {
    expect(callers).toHaveLength(1);
  });
  callers[0]?.end();
  await closed(dialled[0]!);
  await post();
  away.isDown = true;
  http.openAhead(url);
  away.isDown = false;
  await post();
  expect(asked).toEqual(['POST', 'POST']);
});

test('one that is not used is closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { http, url, dialled, callers } = await behindAHost();
  http.openAhead(url);
  while (callers.length === 0) {
    await new Promise(setImmediate);
  }
  vi.advanceTimersByTime(2_000);
  while (dialled[0]?.destroyed !== true) {
    await new Promise(setImmediate);
  }
});

test('an answer that was cut leaves nothing open', async () => {
  const { get, dialled } = await behindAHost({
    listener: (_request, response) => {
      response.write('x'.repeat(70_000));
    },
  });
  await get(false);
  await closed(dialled[0]!);
});

test('an operator who stops waiting is told so, also while a connection is opened ahead', async () => {
  const http = createTunnelledHttp(() => new Promise(() => undefined), { keeps: true });
  const url = 'http://service/';
  http.openAhead(url);
  const stop = new AbortController();
  const asked = http.request({ method: 'GET', url, timeoutMs: 5_000 }, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'STEP_STOPPED' });
});
