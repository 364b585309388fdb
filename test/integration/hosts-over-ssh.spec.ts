import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../main/connections/connection-pool.js';
import { QuestionDesk } from '../../main/connections/question-desk.js';
import { createSshHosts } from '../../main/connections/ssh-hosts.js';
import { listReleases } from '../../main/steps/host/releases.js';
import { PinBook } from '../../main/storage/pin-book.js';
import type { AskedQuestion } from '../../shared/ipc/views.js';
import { fingerprint, makeKey, startSshd } from './private-sshd.js';
import type { PrivateSshd } from './private-sshd.js';
import { SshDesk } from './ssh-desk.js';

const signal = AbortSignal.timeout(60_000);
let desk: SshDesk;
let sshd: PrivateSshd;
const pools: ConnectionPool[] = [];

beforeAll(async () => {
  desk = new SshDesk();
  makeKey(desk.file('id_ed25519'));
  sshd = await startSshd({ authorized: [`${desk.file('id_ed25519')}.pub`] });
});
afterAll(async () => {
  await sshd.stop();
  await desk.close();
});
beforeEach(() => {
  desk.know();
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

/** A console of its own, with everything behind its hosts as the product puts it together. */
function consoleWith(pinFile: string, url = 'http://localhost:1') {
  const asked: AskedQuestion[] = [];
  const questions = new QuestionDesk((pending) => {
    asked.push(...pending);
  });
  const opener = createSshHosts({
    questions,
    place: desk.place,
    platform: process.platform,
    pins: new PinBook({ file: path.join(desk.home, pinFile), now: () => new Date() }),
    configFile: desk.configFile,
  });
  const address = `${desk.place.userName}@127.0.0.1:${String(sshd.port)}`;
  const hosts = [{ name: 'app-1', address }];
  const pool = createConnectionPool(
    { name: 'staging', tier: 'staging', url, via: 'app-1', engines: [], hosts, variables: {} },
    opener,
  );
  pools.push(pool);
  const trust = async (): Promise<void> => {
    const { id } = await vi.waitFor(
      () => questions.pending[0] ?? Promise.reject(new Error('none')),
      {
        timeout: 20_000,
      },
    );
    questions.answer(id, { kind: 'accept' });
  };
  return { pool, questions, asked, trust, opener, hosts };
}

test('what will be used is said, the key is asked for once, and then the releases are found and the service is asked from there', async () => {
  const server = createServer((_request, response) => response.end('well')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://localhost:${String((server.address() as AddressInfo).port)}`;
  const root = path.join(desk.home, 'service');
  mkdirSync(path.join(root, 'releases', 'v1.0.0'), { recursive: true });
  writeFileSync(path.join(root, 'releases', 'v1.0.0', 'package.json'), '{}');
  symlinkSync(path.join(root, 'releases', 'v1.0.0'), path.join(root, 'current'));
  const { pool, asked, trust, opener, hosts } = consoleWith('pins-one.json', url);

  expect((await opener.describe(hosts[0]!, signal)).join('\n')).toContain(desk.place.userName);
  pool.keep(['app-1'], () => undefined);
  const looking = listReleases(
    pool.connections.host('app-1'),
    {
      folder: path.join(root, 'releases'),
      current: path.join(root, 'current'),
      pattern: null,
      complete: ['package.json'],
      owner: null,
    },
    signal,
  );
  const asking = pool.connections.http.request(
    { method: 'GET', url: `${url}/health`, timeoutMs: 30_000 },
    signal,
  );
  await trust();

  expect(await looking).toMatchObject([{ version: 'v1.0.0', isServing: true }]);
  expect(await asking).toMatchObject({ status: 200, body: 'well' });
  expect(asked).toMatchObject([
    { question: { kind: 'host-key', fingerprint: fingerprint(sshd.hostKeys[0]!) } },
  ]);
  expect(pool.hostLights()).toMatchObject([{ name: 'app-1', state: 'ok' }]);
  server.close();
  server.closeAllConnections();
});

test('a look goes over the connection of the answer before while the service leaves it open, and over a new one after that', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end('well');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const callers: Socket[] = [];
  server.on('connection', (socket: Socket) => callers.push(socket));
  const url = `http://localhost:${String((server.address() as AddressInfo).port)}`;
  const { pool, trust } = consoleWith('pins-kept.json', url);
  const { http } = pool.connections;
  const ask = (mayReuse: boolean) =>
    http.request({ method: 'GET', url, timeoutMs: 30_000, mayReuse }, signal);

  const first = ask(false);
  await trust();
  await first;
  await ask(true);
  expect(callers).toHaveLength(1);

  // As a service does that is restarted, or that waits for nobody longer.
  callers[0]?.destroy();
  expect(await ask(true)).toMatchObject({ status: 200, body: 'well' });
  expect(callers).toHaveLength(2);
  expect(asked).toBe(3);

  http.openAhead(url);
  await vi.waitFor(() => {
    expect(callers).toHaveLength(3);
  });
  expect(
    await http.request({ method: 'POST', url, body: '{}', timeoutMs: 30_000 }, signal),
  ).toMatchObject({ status: 200 });
  expect({ callers: callers.length, asked }).toEqual({ callers: 3, asked: 4 });
  server.close();
  server.closeAllConnections();
});

test('a machine whose key differs from the pinned one is refused, also where nobody knew its key', async () => {
  const pins = path.join(desk.home, 'pins-two.json');
  const pin = {
    environment: 'staging',
    host: 'app-1',
    fingerprint: 'SHA256:somethingElse',
    machineId: null,
    pinnedAt: '2026-11-25T10:00:00.000Z',
  };
  writeFileSync(pins, JSON.stringify({ version: 1, pins: [pin] }));
  const { pool, trust } = consoleWith('pins-two.json');
  const reading = pool.connections.host('app-1').read({ text: 'echo in', as: 'login' }, signal);
  const refused = expect(reading).rejects.toMatchObject({ code: 'HOST_NOT_THE_SAME' });
  await trust();

  await refused;
  expect(pool.hostLights()).toMatchObject([{ state: 'bad' }]);
});

test('a line that was lost comes back by itself, and what follows it goes on', async () => {
  const { pool, trust } = consoleWith('pins-three.json');
  pool.keep(['app-1'], () => undefined);
  const first = pool.connections.host('app-1').read({ text: 'echo one', as: 'login' }, signal);
  await trust();
  expect((await first).stdout).toBe('one\n');
  const following = pool.watching
    .host('app-1')
    .follow({ text: 'echo up; sleep 60', as: 'login' }, () => undefined, signal);
  const lost = expect(following).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
  await vi.waitFor(() => {
    expect(sshd.sessions().length).toBeGreaterThan(0);
  });
  for (const pid of sshd.sessions()) {
    process.kill(pid, 'SIGKILL');
  }
  await lost;

  await vi.waitFor(
    async () => {
      const output = await pool.watching
        .host('app-1')
        .read({ text: 'echo two', as: 'login' }, signal);
      expect(output.stdout).toBe('two\n');
    },
    { timeout: 20_000, interval: 100 },
  );
});
