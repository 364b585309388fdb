import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDockerAdapter } from '../../../../main/connections/docker-adapter.js';
import type { LogLine } from '../../../../main/connections/ports.js';
import { fakeEngine, json, runningContainer } from './fake-engine.js';
import type { FakeEngine } from './fake-engine.js';

const { signal } = new AbortController();
let engine: FakeEngine | null = null;

async function listen(...args: Parameters<typeof fakeEngine>) {
  engine = await fakeEngine(...args);
  return { engine, port: createDockerAdapter(engine.socket) };
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await engine?.close();
  engine = null;
});

const refuse =
  (status: number, message: string) =>
  (_request: unknown, response: Parameters<typeof json>[0]) => {
    json(response, status, { message });
  };

describe('the way to the engine', () => {
  test('goes to its socket whatever the environment says', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    vi.stubEnv('DOCKER_TLS_VERIFY', '1');
    const made = await listen(refuse(404, 'no'));
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    expect(await made.port.info(signal)).toMatchObject({ apiVersion: '1.41' });
    const again = createDockerAdapter(made.engine.socket);
    expect(process.env['DOCKER_HOST']).toBeUndefined();
    expect(await again.info(signal)).toMatchObject({ apiVersion: '1.41' });
  });

  test.each([
    ['1.39', undefined, 'DOCKER_TOO_OLD'],
    ['1.60', '1.50', 'DOCKER_TOO_NEW'],
    ['soon', undefined, 'DOCKER_ANSWER_UNREADABLE'],
  ])(
    'refuses an engine that speaks %s and asks for %s',
    async (ApiVersion, MinAPIVersion, code) => {
      const { port } = await listen(refuse(404, 'no'), { ApiVersion, MinAPIVersion, Version: '1' });
      await expect(port.info(signal)).rejects.toMatchObject({ code });
    },
  );

  test('speaks no newer than it was tried with', async () => {
    const made = await listen(refuse(404, 'no'), {
      ApiVersion: '1.60',
      MinAPIVersion: '1.44',
      Version: '99',
    });
    await made.port.container('web', signal);
    expect(made.engine.asked.at(-1)).toMatch(/^GET \/v1\.47\/containers\/web\/json/);
  });

  test('says why the engine cannot be reached', async () => {
    const nobody = createDockerAdapter('/tmp/lastgood-no-such.sock');
    await expect(nobody.info(signal)).rejects.toThrow(/There is no socket at/);
    const file = createDockerAdapter('/etc/hostname');
    await expect(file.info(signal)).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE' });
  });
});

describe('what the engine refuses', () => {
  test.each([
    ['driver failed: Bind for 0.0.0.0:3000 failed: port is already allocated', 'DOCKER_PORT_TAKEN'],
    ['listen tcp4 0.0.0.0:3000: bind: address already in use', 'DOCKER_PORT_TAKEN'],
    ['no space left on device', 'DOCKER_DISK_FULL'],
    ['no such device', 'DOCKER_REFUSED'],
  ])('start: %s', async (message, code) => {
    const { port } = await listen(refuse(500, message));
    await expect(port.start('web', signal)).rejects.toMatchObject({ code });
  });

  test('a start that is already so is no failure', async () => {
    const { port } = await listen((_request, response) => response.writeHead(304).end());
    await expect(port.start('web', signal)).resolves.toBeUndefined();
    await expect(port.stop('web', 1, signal)).resolves.toBeUndefined();
  });

  test('its words reach the operator on one line, without control characters', async () => {
    const { port } = await listen(refuse(500, 'first\n\u001b[31msecond'));
    await expect(port.start('web', signal)).rejects.toThrow('(500): first [31msecond');
  });

  test('an answer that is no JSON, or lacks what is needed, is said to be unreadable', async () => {
    const { port } = await listen((request, response) => {
      if (request.url?.includes('/images/') === true) {
        response.end('<html>');
      } else {
        json(response, 200, { Id: 'x' });
      }
    });
    const code = { code: 'DOCKER_ANSWER_UNREADABLE' };
    await expect(port.image('web', signal)).rejects.toMatchObject(code);
    await expect(port.container('web', signal)).rejects.toMatchObject(code);
  });

  test('an answer that breaks off in the middle is a failure, not a wait for ever', async () => {
    const { port } = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"Id":');
      setImmediate(() => response.destroy());
    });
    await expect(port.container('web', signal)).rejects.toMatchObject({
      code: 'DOCKER_UNREACHABLE',
    });
  });
});

describe('the log', () => {
  const line = Buffer.from('2026-01-15T10:00:00.000000001Z hello\n');
  const frame = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, line.length]), line]);

  test('asks with the full precision of the time it was given', async () => {
    const made = await listen((_request, response, path) => {
      if (path.endsWith('/json')) {
        json(response, 200, runningContainer);
      } else {
        response.end(frame);
      }
    });
    const since = '2026-01-15T10:00:00.000000001Z';
    const lines = await made.port.readLog('web', { tail: 5, since }, signal);
    expect(lines).toEqual([{ at: since, stream: 'stdout', text: 'hello' }]);
    expect(made.engine.asked.at(-1)).toContain('since=1768471200.000000001');
  });

  test('rejects when the line to the engine breaks while following', async () => {
    const { port } = await listen((_request, response, path) => {
      if (path.endsWith('/json')) {
        json(response, 200, runningContainer);
      } else {
        response.write(frame);
        setImmediate(() => response.destroy());
      }
    });
    const seen: LogLine[] = [];
    const followed = port.followLog(
      'web',
      { tail: 5, onLine: (found) => seen.push(found) },
      signal,
    );
    await expect(followed).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE' });
  });

  test('ends quietly when the signal fires before the first byte', async () => {
    const leave = new AbortController();
    const { port } = await listen((_request, response, path) => {
      if (path.endsWith('/json')) {
        json(response, 200, runningContainer);
      } else {
        leave.abort();
      }
    });
    await expect(
      port.followLog('web', { tail: 5, onLine: () => undefined }, leave.signal),
    ).resolves.toBeUndefined();
  });
});

test('joins further networks after creating where the engine takes one only, and leaves no half-made container', async () => {
  const made = await listen((request, response, path) => {
    if (path === '/containers/create') {
      json(response, 201, { Id: 'new' });
    } else if (path === '/networks/back/connect') {
      json(response, 404, { message: 'network back not found' });
    } else {
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    }
  });
  const spec = {
    Image: 'web:1',
    Labels: {},
    HostConfig: { NetworkMode: 'front' },
    NetworkingConfig: { EndpointsConfig: { back: {}, front: {}, side: {} } },
  };
  await expect(made.port.create('web', spec, signal)).rejects.toThrow(/join network back/);
  expect(made.engine.asked.at(-1)).toMatch(/^DELETE \/v1\.41\/containers\/new\?/);
});
