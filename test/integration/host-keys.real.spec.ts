import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { execFileSync } from 'node:child_process';
import { fingerprint, freePort, makeKey, publicLine, startSshd } from './private-sshd.js';
import type { PrivateSshd, SshdOptions } from './private-sshd.js';
import { execOn, SshDesk } from './ssh-desk.js';

const signal = AbortSignal.timeout(100_000);
let desk: SshDesk;
let key: string;
let servers: PrivateSshd[];

beforeEach(() => {
  desk = new SshDesk();
  key = makeKey(desk.file('id'));
  servers = [];
  desk.configure('Host *', `IdentityFile ${key}`, 'IdentitiesOnly yes');
});
afterEach(async () => {
  await desk.close();
  await Promise.all(servers.map((server) => server.stop()));
});

async function server(options: Partial<SshdOptions> = {}): Promise<PrivateSshd> {
  const started = await startSshd({ authorized: [`${key}.pub`], ...options });
  servers.push(started);
  return started;
}

const placeOf = ({ port }: PrivateSshd): string => `[127.0.0.1]:${port}`;
const lineOf = (sshd: PrivateSshd, index = 0): string =>
  `${placeOf(sshd)} ${publicLine(sshd.hostKeys[index]!)}`;

describe.each(['built-in', 'system'] as const)('host keys with the %s client', (client) => {
  const to = (sshd: PrivateSshd) => desk.line(`127.0.0.1:${sshd.port}`, { client });

  test('shows the fingerprint of an unknown key, and writes an accepted one down for the owner only', async () => {
    const sshd = await server();
    desk.operator.answers('host-key', { kind: 'accept' });
    const info = await to(sshd).open(signal);
    expect(info.fingerprint).toBe(fingerprint(sshd.hostKeys[0]!));
    expect(desk.operator.asked).toEqual([
      {
        kind: 'host-key',
        host: `127.0.0.1:${sshd.port}`,
        address: `127.0.0.1:${sshd.port}`,
        keyType: 'ssh-ed25519',
        fingerprint: fingerprint(sshd.hostKeys[0]!),
      },
    ]);
    expect(desk.known()).toBe(`${lineOf(sshd)}\n`);
    expect(statSync(desk.knownHosts).mode & 0o777).toBe(0o600);
    await to(sshd).open(signal);
    expect(desk.operator.asked).toHaveLength(1);
  });

  test('hashes the name where the list is hashed, and leaves the other lines as they were', async () => {
    const sshd = await server();
    desk.know(`other ${publicLine(sshd.hostKeys[0]!)}`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', desk.knownHosts], { stdio: 'ignore' });
    // Somebody's editor has taken the end of the last line away.
    const before = desk.known().trimEnd();
    writeFileSync(desk.knownHosts, before);
    desk.operator.answers('host-key', { kind: 'accept' });
    await to(sshd).open(signal);
    const lines = desk.known().trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(before);
    expect(lines[1]).toMatch(/^\|1\|/);
    expect(
      execFileSync('ssh-keygen', ['-F', placeOf(sshd), '-f', desk.knownHosts], {
        encoding: 'utf8',
      }),
    ).toContain('found: line 2');
  });

  test.each([
    { kind: 'refuse' },
    { kind: 'secret', value: 'yes' },
    { kind: 'values', values: ['accept'] },
  ] as const)('takes no other answer than acceptance for a yes: %j', async (answer) => {
    const sshd = await server();
    desk.operator.answers('host-key', answer);
    const line = to(sshd);
    await expect(line.open(signal)).rejects.toMatchObject({ code: 'HOST_KEY_REFUSED' });
    expect(desk.known()).toBe('');
    expect(line.isUp).toBe(false);
  });

  test('refuses a changed key without a question', async () => {
    const sshd = await server();
    const old = makeKey(desk.file('old-host-key'));
    desk.know(`${placeOf(sshd)} ${publicLine(old)}`);
    desk.operator.answers('host-key', { kind: 'accept' });
    const before = desk.known();
    await expect(to(sshd).open(signal)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
    expect(desk.operator.asked).toEqual([]);
    expect(desk.known()).toBe(before);
  });

  test('refuses a revoked key, even one that is also known', async () => {
    const sshd = await server();
    desk.know(lineOf(sshd), `@revoked * ${publicLine(sshd.hostKeys[0]!)}`);
    desk.operator.answers('host-key', { kind: 'accept' });
    await expect(to(sshd).open(signal)).rejects.toMatchObject({ code: 'HOST_KEY_REVOKED' });
    expect(desk.operator.asked).toEqual([]);
  });

  test.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'asks for the type of key it knows, so that %s is no changed key',
    async (type) => {
      const types = ['ed25519', 'ecdsa', 'rsa'] as const;
      const sshd = await server({ hostKeyTypes: types });
      desk.know(lineOf(sshd, types.indexOf(type)));
      const info = await to(sshd).open(signal);
      expect(info.fingerprint).toBe(fingerprint(sshd.hostKeys[types.indexOf(type)]!));
      expect(desk.operator.asked).toEqual([]);
    },
  );

  test('asks nobody where the configuration says StrictHostKeyChecking yes', async () => {
    const sshd = await server();
    desk.configure('Host *', 'StrictHostKeyChecking yes', `IdentityFile ${key}`);
    desk.operator.answers('host-key', { kind: 'accept' });
    await expect(to(sshd).open(signal)).rejects.toMatchObject({ code: 'HOST_KEY_UNKNOWN' });
    expect(desk.operator.asked).toEqual([]);
  });

  test('trusts nobody while a list of known hosts cannot be read', async () => {
    const sshd = await server();
    mkdirSync(desk.knownHosts);
    desk.operator.answers('host-key', { kind: 'accept' });
    await expect(to(sshd).open(signal)).rejects.toMatchObject({
      code: 'HOST_KNOWN_HOSTS_UNREADABLE',
    });
    if (userInfo().uid !== 0) {
      chmodSync(desk.knownHosts, 0o700);
    }
    expect(desk.operator.asked).toEqual([]);
  });

  test('reaches a host through a bastion, each verified and asked about under its own name', async () => {
    const [bastion, app] = [await server(), await server()];
    desk.configure(
      'Host bastion',
      'HostName 127.0.0.1',
      `Port ${bastion.port}`,
      'Host app',
      'HostName localhost',
      `Port ${app.port}`,
      'ProxyJump bastion',
      'Host *',
      `IdentityFile ${key}`,
    );
    desk.operator.answers('host-key', { kind: 'accept' });
    const line = desk.line('app', { client });
    expect((await line.open(signal)).fingerprint).toBe(fingerprint(app.hostKeys[0]!));
    expect((await execOn(line, 'exit 6')).exitCode).toBe(6);
    expect(
      desk.operator.asked.map((question) => 'fingerprint' in question && question.fingerprint),
    ).toEqual([fingerprint(bastion.hostKeys[0]!), fingerprint(app.hostKeys[0]!)]);
    expect(desk.known()).toBe(
      `${lineOf(bastion)}\n[localhost]:${app.port} ${publicLine(app.hostKeys[0]!)}\n`,
    );
  });

  test('goes no further than a bastion whose key has changed', async () => {
    const [bastion, app] = [await server(), await server()];
    const old = makeKey(desk.file('old-host-key'));
    desk.configure(
      'Host app',
      'HostName 127.0.0.1',
      `Port ${app.port}`,
      `ProxyJump 127.0.0.1:${bastion.port}`,
      'Host *',
      'StrictHostKeyChecking no',
      `IdentityFile ${key}`,
    );
    desk.know(`${placeOf(bastion)} ${publicLine(old)}`, lineOf(app));
    const line = desk.line('app', { client });
    // The system's program tells of its way there only that it failed.
    const code = client === 'built-in' ? 'HOST_KEY_CHANGED' : 'HOST_UNREACHABLE';
    await expect(line.open(signal)).rejects.toMatchObject({ code });
    expect(line.isUp).toBe(false);
  });

  test('says that a bastion lets nobody through', async () => {
    const [bastion, app] = [await server({ lines: ['AllowTcpForwarding no'] }), await server()];
    desk.configure(
      'Host app',
      'HostName 127.0.0.1',
      `Port ${app.port}`,
      `ProxyJump 127.0.0.1:${bastion.port}`,
      'Host *',
      `IdentityFile ${key}`,
    );
    desk.know(lineOf(bastion), lineOf(app));
    const code = client === 'built-in' ? 'HOST_FORWARD_REFUSED' : 'HOST_UNREACHABLE';
    await expect(desk.line('app', { client }).open(signal)).rejects.toMatchObject({ code });
  });
});

test('says that only an authority speaks for a host, and which client can check that', async () => {
  const authority = makeKey(desk.file('authority'));
  const hostKey = makeKey(desk.file('certified'));
  execFileSync('ssh-keygen', [
    '-q',
    '-s',
    authority,
    '-I',
    'app',
    '-h',
    '-n',
    '127.0.0.1',
    `${hostKey}.pub`,
  ]);
  const sshd = await server({
    hostKeys: [hostKey],
    lines: [`HostCertificate ${hostKey}-cert.pub`],
  });
  desk.know(`@cert-authority ${placeOf(sshd)},127.0.0.1 ${publicLine(authority)}`);
  const address = `127.0.0.1:${sshd.port}`;
  await expect(desk.line(address).open(signal)).rejects.toMatchObject({
    code: 'HOST_KEY_CA_UNSUPPORTED',
  });
  const info = await desk.line(address, { client: 'system' }).open(signal);
  expect(info.fingerprint).toBe(fingerprint(hostKey));
  expect(desk.operator.asked).toEqual([]);
});

test('says that a host offers only what the built-in client lacks; the system’s ssh gets there', async () => {
  const sshd = await server({ lines: ['Ciphers chacha20-poly1305@openssh.com'] });
  desk.know(lineOf(sshd));
  const address = `127.0.0.1:${sshd.port}`;
  await expect(desk.line(address).open(signal)).rejects.toMatchObject({
    code: 'HOST_NO_COMMON_ALGORITHM',
  });
  const line = desk.line(address, { client: 'system' });
  await line.open(signal);
  expect((await execOn(line, 'exit 3')).exitCode).toBe(3);
});

test('a machine that is set up anew while a line is kept is not let in at the next opening', async () => {
  const port = await freePort();
  const first = await server({ port });
  desk.know(lineOf(first));
  const line = desk.line(`127.0.0.1:${port}`);
  await line.open(signal);
  await first.stop();
  servers.pop();
  await expect.poll(() => line.isUp).toBe(false);
  await server({ port });
  await expect(line.open(signal)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
  expect(readFileSync(desk.knownHosts, 'utf8').trim().split('\n')).toHaveLength(1);
});
