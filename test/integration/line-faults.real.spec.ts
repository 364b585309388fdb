import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DialOptions } from '../../main/connections/ssh/connection.js';
import { dial } from '../../main/connections/ssh-adapter.js';
import { startOddServer } from './odd-ssh-server.js';
import type { OddSshServer } from './odd-ssh-server.js';
import { makeKey, publicLine, startSshd } from './private-sshd.js';
import type { PrivateSshd } from './private-sshd.js';
import { execOn, SshDesk } from './ssh-desk.js';

const signal = AbortSignal.timeout(100_000);
const keepalive = { intervalMs: 1_000, count: 1 };
let desk: SshDesk;
let key: string;
let stops: (() => Promise<void>)[];

beforeEach(() => {
  desk = new SshDesk();
  key = makeKey(desk.file('id'));
  stops = [];
});
afterEach(async () => {
  await desk.close();
  await Promise.all(stops.map((stop) => stop()));
});

/** What the system's client leaves in the folder for what is temporary. */
function foldersLeft(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`lg-${process.pid}-`));
}

async function real(...lines: readonly string[]): Promise<PrivateSshd> {
  const sshd = await startSshd({ authorized: [`${key}.pub`], lines });
  stops.push(sshd.stop);
  desk.configure('Host *', `IdentityFile ${key}`, 'IdentitiesOnly yes');
  desk.know(`[127.0.0.1]:${sshd.port} ${publicLine(sshd.hostKeys[0]!)}`);
  return sshd;
}

describe('what the verifier says', () => {
  let server: OddSshServer;
  let attempts: string[];
  beforeEach(async () => {
    attempts = [];
    server = await startOddServer({
      hostKey: makeKey(desk.file('host-key')),
      authenticate: (context) => {
        attempts.push(context.method);
        context.accept();
      },
    });
    stops.push(server.stop);
  });

  const options = (verify: unknown): DialOptions => ({
    label: 'app-1',
    host: '127.0.0.1',
    port: server.port,
    user: 'deploy',
    family: 'any',
    keyTypes: [],
    verify: verify as DialOptions['verify'],
    login: { tried: [], next: () => Promise.resolve({ kind: 'none' }) },
    timeoutMs: 20_000,
    keepalive,
  });

  test('lets a line come up when it is the one word for it', async () => {
    const connection = await dial(
      options(() => Promise.resolve('trusted')),
      signal,
    );
    expect(connection.isUp).toBe(true);
    connection.end();
    await connection.ended;
    expect(attempts).toEqual(['none']);
  });

  test.each([
    ['nothing', () => undefined],
    ['a promise of nothing', () => Promise.resolve()],
    ['a promise of no', () => Promise.resolve(false)],
    ['a promise of yes', () => Promise.resolve(true)],
    ['yes at once', () => true],
    ['another word', () => Promise.resolve('changed')],
    ['a rejection', () => Promise.reject(new Error('no'))],
    [
      'a fault',
      () => {
        throw new Error('broken');
      },
    ],
  ])('refuses before any login when it is %s', async (_what, verify) => {
    await expect(dial(options(verify), signal)).rejects.toBeInstanceOf(Error);
    expect(attempts).toEqual([]);
  });

  test('stops waiting for a verdict when the signal fires', async () => {
    const stop = new AbortController();
    const dialing = dial(
      options(() => {
        stop.abort();
        return new Promise(() => undefined);
      }),
      stop.signal,
    );
    await expect(dialing).rejects.toMatchObject({ code: 'STEP_STOPPED' });
    expect(attempts).toEqual([]);
  });
});

describe.each(['built-in', 'system'] as const)(
  'a line that fails, with the %s client',
  (client) => {
    test('notices a frozen host, and says that what was under way is not known', async () => {
      const sshd = await real();
      const line = desk.line(`127.0.0.1:${sshd.port}`, { client, keepalive });
      await line.open(signal);
      const running = line.exec(
        'echo begun; sleep 60',
        {
          onStdout: () => {
            for (const pid of sshd.sessions()) {
              process.kill(pid, 'SIGSTOP');
            }
          },
          onStderr: () => undefined,
        },
        signal,
      );
      await expect(running).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
      await expect.poll(() => line.isUp).toBe(false);
    });

    test('lets commands wait where a host takes fewer sessions than usual', async () => {
      const sshd = await real('MaxSessions 2');
      const line = desk.line(`127.0.0.1:${sshd.port}`, { client });
      await line.open(signal);
      const ends = Array.from({ length: 9 }, (_, index) =>
        execOn(line, `sleep 0.2; exit ${index}`),
      );
      const codes = (await Promise.all(ends)).map(({ exitCode }) => exitCode);
      expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test('says that a host takes no sessions at all', async () => {
      const sshd = await real('MaxSessions 0');
      const line = desk.line(`127.0.0.1:${sshd.port}`, { client });
      await line.open(signal);
      await expect(execOn(line, 'true')).rejects.toMatchObject({ code: 'HOST_CHANNELS_EXHAUSTED' });
      expect(line.isUp).toBe(true);
    });

    test('drops the whole line with a bastion that goes away, and comes back through it', async () => {
      const before = foldersLeft();
      const bastion = await startSshd({ authorized: [`${key}.pub`] });
      stops.push(bastion.stop);
      const app = await real();
      desk.configure(
        'Host app',
        'HostName 127.0.0.1',
        `Port ${app.port}`,
        `ProxyJump 127.0.0.1:${bastion.port}`,
        'Host *',
        `IdentityFile ${key}`,
      );
      desk.know(
        `[127.0.0.1]:${app.port} ${publicLine(app.hostKeys[0]!)}`,
        `[127.0.0.1]:${bastion.port} ${publicLine(bastion.hostKeys[0]!)}`,
      );
      const line = desk.line('app', { client });
      await line.open(signal);
      const running = line.exec(
        'echo begun; sleep 60',
        {
          onStdout: () => {
            for (const pid of bastion.sessions()) {
              process.kill(pid, 'SIGKILL');
            }
          },
          onStderr: () => undefined,
        },
        signal,
      );
      await expect(running).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
      await line.open(signal);
      expect((await execOn(line, 'exit 2')).exitCode).toBe(2);
      await line.close();
      await expect.poll(foldersLeft).toEqual(before);
    });

    test('gives up on something that takes the connection and never says a word', async () => {
      const sockets: Socket[] = [];
      const mute = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
      await once(mute, 'listening');
      desk.configure('Host *', 'ConnectTimeout 1');
      const { port } = mute.address() as AddressInfo;
      await expect(desk.line(`127.0.0.1:${port}`, { client }).open(signal)).rejects.toMatchObject({
        code: 'HOST_UNREACHABLE',
      });
      sockets.forEach((socket) => socket.destroy());
      mute.close();
    });

    test('lets whoever still waits have the line when somebody else has stopped waiting', async () => {
      const sshd = await real();
      const line = desk.line(`127.0.0.1:${sshd.port}`, { client });
      const impatient = new AbortController();
      const [first, second] = [line.open(impatient.signal), line.open(signal)];
      impatient.abort();
      await expect(first).rejects.toMatchObject({ code: 'STEP_STOPPED' });
      await expect(second).resolves.toMatchObject({ address: `127.0.0.1:${sshd.port}` });
    });

    test('leaves nothing open when it is closed', async () => {
      const sshd = await real();
      const line = desk.line(`127.0.0.1:${sshd.port}`, { client });
      await line.open(signal);
      expect(sshd.sessions()).not.toEqual([]);
      await line.close();
      await expect.poll(() => sshd.sessions()).toEqual([]);
      expect(line.isUp).toBe(false);
    });
  },
);

test('reaches a web service through a host as if it stood there', async () => {
  const sshd = await real();
  const line = desk.line(`127.0.0.1:${sshd.port}`);
  await line.open(signal);
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const { port } = echo.address() as AddressInfo;
  const stream = await line.connect('127.0.0.1', port, signal);
  stream.end(Buffer.alloc(3_000_000, 7));
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk as Buffer).length;
  }
  echo.close();
  expect(length).toBe(3_000_000);
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
});

test.each([
  ['the server says so', 'end'],
  ['the line drops', 'break'],
] as const)('a socket of a host is heard to end only when %s', async (_when, how) => {
  const sshd = await real();
  const line = desk.line(`127.0.0.1:${sshd.port}`);
  await line.open(signal);
  const file = desk.file('engine.sock');
  const asked: Socket[] = [];
  const engine = createServer((socket) => {
    asked.push(socket);
    socket.on('error', () => undefined);
    socket.write('part');
  }).listen(file);
  await once(engine, 'listening');
  const stream = await line.connectSocket(file, signal);
  const heard: string[] = [];
  stream.on('end', () => heard.push('end'));
  const [part] = (await once(stream, 'data')) as [Buffer];
  const closed = once(stream, 'close');

  if (how === 'end') {
    asked.forEach((socket) => socket.end());
  } else {
    sshd.sessions().forEach((pid) => process.kill(pid, 'SIGKILL'));
  }
  await closed;

  expect(part.toString()).toBe('part');
  expect(heard).toEqual(how === 'end' ? ['end'] : []);
  asked.forEach((socket) => socket.destroy());
  engine.close();
});
