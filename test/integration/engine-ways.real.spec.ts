import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../main/connections/connection-pool.js';
import { createSshHosts } from '../../main/connections/ssh-hosts.js';
import type { DockerPort } from '../../main/connections/ports.js';
import type { EngineAddress } from '../../shared/runbook/environment-schema.js';
import { describeDockerPort } from '../contract/docker-port.contract.js';
import { specOf } from '../contract/docker-world.js';
import { realDockerWorld } from '../contract/real-docker-world.js';
import { findProgram } from '../lab/command.mjs';
import { OwnEngine } from '../lab/own-engine.mjs';
import { makeCertificates } from './certificates.js';
import type { Certificates } from './certificates.js';
import { writeDockerContext } from './docker-contexts.js';
import { freePort, makeKey, publicLine, startSshd } from './private-sshd.js';
import type { PrivateSshd } from './private-sshd.js';
import { realEngine } from './real-engine.js';
import { SshDesk } from './ssh-desk.js';

const containing = (text: string): unknown => expect.stringContaining(text);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const signal = AbortSignal.timeout(600_000);
const desk = new SshDesk();
const pools: ConnectionPool[] = [];
let engine: OwnEngine;
let certificates: Certificates;
let port = 0;
let sshd: PrivateSshd;
let noForwarding: PrivateSshd;

/** One engine, reached in every way: encrypted TCP with certificates by openssl, and an sshd beside it. */
beforeAll(async () => {
  certificates = makeCertificates('DNS:localhost');
  port = await freePort();
  const { ca, server } = certificates;
  engine = await OwnEngine.start({ tls: { port, ca, ...server } });
  await engine.takeImages(realEngine().socket, ['v1.1.0', 'v1.2.0', 'ignore-stop']);
  const key = makeKey(desk.file('id_ed25519'));
  desk.configure('Host 127.0.0.1', `IdentityFile ${key}`, 'IdentitiesOnly yes');
  sshd = await startSshd({ authorized: [`${key}.pub`] });
  noForwarding = await startSshd({
    authorized: [`${key}.pub`],
    lines: ['AllowStreamLocalForwarding no'],
  });
  desk.know(
    ...[sshd, noForwarding].map(
      (one) => `[127.0.0.1]:${String(one.port)} ${publicLine(one.hostKeys[0]!)}`,
    ),
  );
}, 120_000);

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

afterAll(async () => {
  await sshd.stop();
  await noForwarding.stop();
  await engine.remove();
  certificates.remove();
  await desk.close();
});

function poolOf(
  engines: readonly EngineAddress[],
  servers: readonly PrivateSshd[] = [],
  client: 'built-in' | 'system' = 'built-in',
) {
  vi.stubEnv('HOME', desk.home);
  const hosts = servers.map((one, index) => ({
    name: `app-${String(index + 1)}`,
    client,
    address: `${desk.place.userName}@127.0.0.1:${String(one.port)}`,
  }));
  const pool = createConnectionPool(
    {
      name: 'staging',
      tier: 'staging',
      url: 'http://127.0.0.1:1',
      engines: [...engines],
      hosts,
      variables: {},
    },
    createSshHosts({
      questions: desk.operator,
      place: desk.place,
      platform: process.platform,
      pins: { check: () => Promise.resolve() },
      configFile: desk.configFile,
    }),
  );
  pools.push(pool);
  return pool;
}

function portOf(
  address: Omit<EngineAddress, 'name' | 'kind'>,
  ...servers: PrivateSshd[]
): DockerPort {
  return poolOf([{ name: 'docker', kind: 'docker', ...address }], servers).connections.docker(
    'docker',
  );
}

const tls = () => ({ ca: certificates.ca, ...certificates.client });
const overTls = () => ({ tcp: `localhost:${String(port)}`, tls: tls() });

const writeContext = (name: string, endpoint: Record<string, unknown>): void => {
  writeDockerContext(desk.home, name, endpoint);
};

describeDockerPort(
  'a real engine by encrypted TCP',
  () =>
    realDockerWorld(
      { port: portOf(overTls()), unreachable: portOf({ ...overTls(), tcp: 'localhost:9' }) },
      'lab-service',
    ),
  29_418,
);

describeDockerPort(
  'a real engine over SSH, straight to its socket',
  () =>
    realDockerWorld(
      {
        port: portOf({ ssh: 'app-1', socket: engine.socket }, sshd),
        unreachable: portOf({ ssh: 'app-1', socket: `${engine.socket}.nobody` }, sshd),
      },
      'lab-service',
    ),
  29_419,
);

describeDockerPort(
  'a real engine by a context that names an SSH address',
  () => {
    const at = `ssh://${desk.place.userName}@127.0.0.1:${String(sshd.port)}`;
    writeContext('lab', { Host: `${at}${engine.socket}` });
    writeContext('nobody', { Host: `${at}${engine.socket}.nobody` });
    return realDockerWorld(
      { port: portOf({ context: 'lab' }), unreachable: portOf({ context: 'nobody' }) },
      'lab-service',
    );
  },
  29_420,
);

describe('the way to an engine', () => {
  test('goes through Docker’s own command line where the host forwards no sockets', async () => {
    const docker = portOf({ ssh: 'app-1', socket: engine.socket }, noForwarding);
    expect(await docker.images('lab-service', signal)).toHaveLength(3);
    const { id } = await docker.create('by-dial-stdio', specOf('lab-service:v1.1.0'), signal);
    await docker.remove(id, signal);
    const nobody = portOf({ ssh: 'app-1', socket: `${engine.socket}.nobody` }, noForwarding);
    await expect(nobody.info(signal)).rejects.toMatchObject({
      code: 'DOCKER_UNREACHABLE',
      message: containing(`${engine.socket}.nobody`),
    });
  });

  test.each(['built-in', 'system'] as const)(
    'is one connection to the host for any number of requests at once (client: %s)',
    async (client) => {
      const before = sshd.sessions().length;
      const docker = poolOf(
        [{ name: 'docker', kind: 'docker', ssh: 'app-1', socket: engine.socket }],
        [sshd],
        client,
      ).connections.docker('docker');
      await docker.info(signal);
      const one = sshd.sessions().length - before;
      const asked = Array.from({ length: 40 }, () => docker.images('lab-service', signal));
      const busy = sshd.sessions().length - before;
      expect(await Promise.all(asked)).toHaveLength(40);
      expect([busy, sshd.sessions().length - before]).toEqual([one, one]);
    },
  );

  test('is never changed by the environment, nor by that of the host', async () => {
    const nonsense = {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_CONTEXT: 'not-there',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: '/not-there',
      DOCKER_API_VERSION: '1.12',
      DOCKER_CONFIG: '/not-there',
      DOCKER_PATH_PREFIX: '/elsewhere',
      DOCKER_CLIENT_TIMEOUT: '1',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      HTTP_PROXY: 'http://127.0.0.1:1',
    };
    writeContext('straight', { Host: `unix://${engine.socket}` });
    const expected = await engine.docker('version', '--format', '{{.Server.Version}}');
    for (const [name, value] of Object.entries(nonsense)) {
      vi.stubEnv(name, value);
    }
    const ways = [
      portOf({ socket: engine.socket }),
      portOf(overTls()),
      portOf({ ssh: 'app-1', socket: engine.socket }, sshd),
      portOf({ ssh: 'app-1', socket: engine.socket }, noForwarding),
      portOf({ context: 'straight' }),
    ];
    for (const way of ways) {
      expect(await way.info(signal)).toMatchObject({ engineVersion: expected, apiVersion: '1.41' });
    }
    await expect(
      portOf({ ...overTls(), tcp: `127.0.0.1:${String(port)}` }).info(signal),
    ).rejects.toMatchObject({ code: 'DOCKER_CERTIFICATE_REFUSED' });
  });

  test('verifies the authority, the name and both certificates, and says which was wrong', async () => {
    const stranger = makeCertificates('DNS:localhost');
    const other = (address: Omit<EngineAddress, 'name' | 'kind'>) => portOf(address).info(signal);
    const refused = (text: RegExp) => ({
      code: 'DOCKER_CERTIFICATE_REFUSED',
      message: matching(text),
    });
    try {
      const wrongName = { ...overTls(), tcp: `127.0.0.1:${String(port)}` };
      await expect(other(wrongName)).rejects.toMatchObject(refused(/127\.0\.0\.1.*ALTNAME/));
      const wrongAuthority = { ...overTls(), tls: { ...tls(), ca: stranger.ca } };
      await expect(other(wrongAuthority)).rejects.toMatchObject(refused(/VERIFY|SELF_SIGNED/));
      const unknownClient = { ...overTls(), tls: { ca: certificates.ca, ...stranger.client } };
      await expect(other(unknownClient)).rejects.toMatchObject(refused(/did not take/));
      const noClient = { ...overTls(), tls: { ca: certificates.ca } };
      await expect(other(noClient)).rejects.toMatchObject(refused(/did not take/));
      const noFile = { ...overTls(), tls: { ...tls(), key: '~/no-key.pem' } };
      await expect(other(noFile)).rejects.toMatchObject({
        code: 'DOCKER_WAY_UNUSABLE',
        message: containing('no-key.pem'),
      });
    } finally {
      stranger.remove();
    }
  });

  test('says what is wrong with a context, and connects to nothing', async () => {
    writeContext('unverified', { Host: `tcp://localhost:${String(port)}`, SkipTLSVerify: true });
    writeContext('open', { Host: 'tcp://engine.example:2375' });
    writeContext('odd', { Host: 'carrier-pigeon://engine' });
    writeContext('empty', {});
    for (const [context, text] of Object.entries({
      missing: /no context of that name/,
      default: /name a real one/,
      unverified: /never done here/,
      open: /without “tls”/,
      odd: /no socket, pipe, TCP or SSH address/,
      empty: /no Docker endpoint/,
    })) {
      await expect(portOf({ context }).info(signal)).rejects.toMatchObject({
        code: 'DOCKER_WAY_UNUSABLE',
        message: matching(text),
      });
    }
  });

  test('takes the certificates of a context that the command line made', async () => {
    const { ca, client } = certificates;
    const files = `ca=${ca},cert=${client.cert},key=${client.key}`;
    execFileSync(
      findProgram('docker')!,
      ['context', 'create', 'by-cli', '--docker', `host=tcp://localhost:${String(port)},${files}`],
      { env: { PATH: process.env['PATH'], HOME: desk.home }, stdio: 'ignore' },
    );
    expect(await portOf({ context: 'by-cli' }).info(signal)).toMatchObject({ lacks: [] });
  });

  test('is shown by the light, with what the engine is', async () => {
    writeContext('shown', { Host: `unix://${engine.socket}` });
    const pool = poolOf([{ name: 'docker', kind: 'docker', context: 'shown' }]);
    expect(await pool.check(signal)).toEqual([
      {
        name: 'docker',
        state: 'ok',
        text: containing('API 1.41'),
        uses: [`Docker context shown: socket ${engine.socket} of this computer`],
      },
    ]);
  });

  test('comes back by itself when the line to the host or the engine was gone', async () => {
    const docker = portOf({ ssh: 'app-1', socket: engine.socket }, sshd);
    await docker.info(signal);
    for (const pid of sshd.sessions()) {
      process.kill(pid, 'SIGKILL');
    }
    await vi.waitFor(() => docker.images('lab-service', signal), { timeout: 20_000 });
    await engine.restart();
    await vi.waitFor(() => docker.images('lab-service', signal), { timeout: 20_000 });
    const overTcp = portOf(overTls());
    await overTcp.info(signal);
    await engine.restart('SIGKILL');
    await vi.waitFor(() => overTcp.images('lab-service', signal), { timeout: 20_000 });
    expect(await docker.images('lab-service', signal)).toHaveLength(3);
  });
});
