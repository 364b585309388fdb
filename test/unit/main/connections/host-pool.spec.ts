import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createConnectionPool } from '../../../../main/connections/connection-pool.js';
import { HostKeeper } from '../../../../main/connections/hosts/host-keeper.js';
import { createTunnelledHttp } from '../../../../main/connections/http/tunnelled-http.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { errorTexts } from '../../../../shared/errors/error-texts.js';
import type { Environment } from '../../../../shared/runbook/environment-schema.js';
import { fakeOpener } from '../../../fakes/fake-opener.js';
import type { FakeOpener } from '../../../fakes/fake-opener.js';

const { signal } = new AbortController();
const unreachable = new AppError('HOST_UNREACHABLE', 'The host app-1 did not answer.');

function environment(change: Partial<Environment> = {}): Environment {
  return {
    name: 'production',
    tier: 'production',
    url: 'http://localhost:3000',
    engines: [],
    hosts: [{ name: 'app-1', address: 'deploy@app-1' }],
    variables: {},
    ...change,
  };
}

function keeperOf(opener: FakeOpener, onLight: () => void = () => undefined): HostKeeper {
  const keeper = new HostKeeper({
    environment: 'production',
    address: { name: 'app-1', address: 'deploy@app-1' },
    opener,
    onLight,
    // The clock of the test: every pause is over with the next turn of the loop.
    delay: () => new Promise((resolve) => setImmediate(resolve)),
  });
  onTestFinished(() => keeper.close());
  return keeper;
}

test('many who wait for a connection are one attempt, and somebody in a hurry does not end it', async () => {
  const opener = fakeOpener();
  let letGo = (): void => undefined;
  opener.gate = new Promise((resolve) => {
    letGo = resolve;
  });
  const keeper = keeperOf(opener);
  const hurry = new AbortController();
  const impatient = keeper.port.info(hurry.signal);
  const patient = keeper.port.read({ text: 'echo hello', as: 'login' }, signal);

  hurry.abort();
  await expect(impatient).rejects.toMatchObject({ code: 'STEP_STOPPED' });
  letGo();

  expect(await patient).toMatchObject({ stdout: 'hello\n', exitCode: 0 });
  expect(opener.attempts()).toBe(1);
});

test('a first look of who logged in is under way while the machine is asked who it is, and told only afterwards', async () => {
  const opener = fakeOpener();
  const { promise, resolve: letGo } = Promise.withResolvers<undefined>();
  opener.gate = promise;
  const keeper = keeperOf(opener);
  const told: string[] = [];
  const looks = [
    keeper.port.read({ text: 'echo seen', as: 'login' }, signal),
    keeper.port.read({ text: 'echo root', as: 'root' }, signal),
  ].map(async (look) => {
    const { stdout } = await look;
    told.push(stdout);
  });

  await vi.waitFor(() => {
    expect(opener.shell.scripts.map(({ as }) => as)).toEqual(['login']);
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(told).toEqual([]);

  letGo(undefined);
  await Promise.all(looks);
  expect(told.toSorted()).toEqual(['root\n', 'seen\n']);
  expect(opener.attempts()).toBe(1);
});

test('what was seen on a machine that is not the same is told to nobody, and it is not looked at again before it is', async () => {
  const opener = fakeOpener();
  opener.failure = new AppError('HOST_NOT_THE_SAME', 'Another machine answers as app-1.');
  const keeper = keeperOf(opener);
  const look = () => keeper.port.read({ text: 'echo seen', as: 'login' }, signal);

  await expect(look()).rejects.toBe(opener.failure);
  const { length: before } = opener.shell.scripts;
  await expect(look()).rejects.toBe(opener.failure);
  expect(opener.shell.scripts).toHaveLength(before);
});

test('what looks again and again by itself never begins a connection', async () => {
  const opener = fakeOpener();
  const keeper = keeperOf(opener);

  await expect(keeper.quiet.info(signal)).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  expect(opener.attempts()).toBe(0);

  await keeper.port.info(signal);
  expect(await keeper.quiet.info(signal)).toMatchObject({ name: 'app-1' });
});

test('a host that is kept is tried again until it answers, and again after its line was lost', async () => {
  const opener = fakeOpener();
  opener.failure = unreachable;
  const keeper = keeperOf(opener);
  keeper.keep();
  await vi.waitFor(() => {
    expect(opener.attempts()).toBeGreaterThan(2);
  });
  expect(keeper.light).toMatchObject({
    state: 'bad',
    text: `${errorTexts.HOST_UNREACHABLE.happened} ${unreachable.message}`,
  });

  opener.failure = null;
  await vi.waitFor(() => {
    expect(keeper.light.state).toBe('ok');
  });
  const before = opener.attempts();
  opener.turn('down');
  await vi.waitFor(() => {
    expect(opener.attempts()).toBeGreaterThan(before);
    expect(keeper.light.state).toBe('ok');
  });
});

test('a host that the operator refused is not asked again unbidden, but when somebody wants it', async () => {
  const opener = fakeOpener();
  opener.failure = new AppError('HOST_KEY_REFUSED', 'The key of app-1 was not trusted.');
  const lit: string[] = [];
  const keeper = keeperOf(opener, () => {
    lit.push(keeper.light.text);
  });
  keeper.keep();
  await vi.waitFor(() => {
    expect(keeper.light.state).toBe('bad');
  });
  const before = opener.attempts();
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(opener.attempts()).toBe(before);

  opener.failure = null;
  await keeper.port.info(signal);
  expect(keeper.light.state).toBe('ok');
  expect(lit.join('\n')).toContain('The key of app-1 was not trusted.');
});

test('the light says what will be used, that a line is coming back, and whom it reached', async () => {
  const opener = fakeOpener();
  const keeper = keeperOf(opener);
  expect(keeper.light).toMatchObject({ state: 'checking', text: 'connecting' });
  keeper.keep();
  await vi.waitFor(() => {
    expect(keeper.light).toMatchObject({
      state: 'ok',
      text: 'deploy at 192.0.2.7:22, SHA256:Zm9vYmFy',
      uses: ['as deploy on app-1'],
    });
  });

  opener.failure = unreachable;
  opener.turn('reconnecting');
  expect(keeper.light).toMatchObject({ state: 'checking', text: 'line lost, reconnecting' });
});

test('a pool knows the hosts of its environment only, and closes them', async () => {
  const opener = fakeOpener();
  const pool = createConnectionPool(environment(), opener);
  await pool.connections.host('app-1').info(signal);

  expect(() => pool.connections.host('other')).toThrow(/production has no host called other/);
  expect(pool.connections.host('app-1')).toBe(pool.connections.host('app-1'));
  await pool.close();
  expect(opener.isClosed).toBe(true);
});

async function answering(): Promise<AddressInfo> {
  const server = createServer((request, response) => {
    response.end(`${request.headers.host ?? ''} ${request.url ?? ''}`);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return server.address() as AddressInfo;
}

const get = { method: 'GET', url: 'http://localhost:3000/health', timeoutMs: 5_000 } as const;

test('the address is asked from the host that the environment names', async () => {
  const address = await answering();
  const opener = fakeOpener({ leadsTo: () => address });
  const pool = createConnectionPool(environment({ via: 'app-1' }), opener);
  onTestFinished(() => pool.close());

  expect(await pool.connections.http.request(get, signal)).toMatchObject({
    status: 200,
    body: 'localhost:3000 /health',
  });
});

test('a host that cannot be reached is no answer of the service, and a port where nobody listens is', async () => {
  const lost = createTunnelledHttp(() => Promise.reject(unreachable), { keeps: true });
  const refused = createTunnelledHttp(
    () => Promise.reject(new AppError('HOST_FORWARD_REFUSED', 'refused')),
    { keeps: true },
  );

  await expect(lost.request(get, signal)).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  await expect(refused.request(get, signal)).rejects.toMatchObject({ code: 'HTTP_NO_ANSWER' });
});

test('a host that does not say anything in time is no answer of the service, and nobody called it off', async () => {
  const silent = createTunnelledHttp(
    (_host, _port, its) =>
      new Promise((_resolve, reject) => {
        its.addEventListener('abort', () => {
          reject(new AppError('STEP_STOPPED', 'Stopped.'));
        });
      }),
    { keeps: true },
  );
  const operator = new AbortController();
  const asked = silent.request({ ...get, timeoutMs: 20 }, operator.signal);
  await expect(asked).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });

  const calledOff = silent.request(get, operator.signal);
  operator.abort();
  await expect(calledOff).rejects.toMatchObject({ code: 'STEP_STOPPED' });
});
