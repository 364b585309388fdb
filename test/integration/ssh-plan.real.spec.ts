import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describePlan, planLine } from '../../main/connections/ssh/plan.js';
import type { LinePlan } from '../../main/connections/ssh/plan.js';
import { SshDesk } from './ssh-desk.js';

const signal = AbortSignal.timeout(60_000);
let desk: SshDesk;

beforeEach(() => {
  desk = new SshDesk();
});
afterEach(async () => {
  await desk.close();
});

/** OpenSSH's answer, and ours from the same file for where there is no OpenSSH. */
const readers = [
  ['ssh -G', 'ssh'],
  ['configuration files', null],
] as const;

function plan(address: string, program: string | null): Promise<LinePlan> {
  return planLine(address, { place: desk.place, program, configFile: desk.configFile }, signal);
}

describe.each(readers)('a plan from %s', (source, program) => {
  test('takes what the address says, and the usual for the rest', async () => {
    const { hops, source: used } = await plan('deploy@app-1.example.com:2222', program);
    expect(used).toBe(source);
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatchObject({
      label: 'deploy@app-1.example.com:2222',
      knownName: '[app-1.example.com]:2222',
      bareName: 'app-1.example.com',
      settings: {
        hostName: 'app-1.example.com',
        port: 2222,
        user: 'deploy',
        identitiesOnly: false,
        userKnownHosts: [desk.knownHosts],
        methods: ['publickey', 'keyboard-interactive', 'password'],
        hasProxyCommand: false,
        refusesUnknownKeys: false,
      },
    });
    expect(hops[0]?.settings.identityFiles).toContain(desk.file('id_ed25519'));
  });

  test('takes what the configuration says of a name, and lets the address win', async () => {
    desk.configure(
      'Host app-*',
      'HostName %h.internal.example.com',
      'User deploy',
      'Port 2200',
      `IdentityFile "${desk.file('with space')}"`,
      'IdentitiesOnly yes',
      'PreferredAuthentications password,publickey',
      'AddressFamily inet6',
      'HashKnownHosts yes',
      'ConnectTimeout 7',
      'IdentityAgent none',
    );
    const { hops } = await plan('app-1', program);
    expect(hops[0]).toMatchObject({
      label: 'app-1 (app-1.internal.example.com)',
      settings: {
        hostName: 'app-1.internal.example.com',
        user: 'deploy',
        port: 2200,
        identityFiles: [desk.file('with space')],
        identitiesOnly: true,
        methods: ['password', 'publickey'],
        addressFamily: 'inet6',
        hashKnownHosts: true,
        connectTimeoutSeconds: 7,
        agentSocket: null,
      },
    });
    const other = await plan('root@app-1:22', program);
    expect(other.hops[0]?.settings).toMatchObject({ user: 'root', port: 22 });
  });

  test('fills in what stands for the host, the account and the home', async () => {
    desk.configure(
      'Host app',
      'HostName app-1.example.com',
      'User deploy',
      'IdentityFile ~/.ssh/%h-%r-%n',
      'HostKeyAlias key-of-%h',
    );
    const { hops } = await plan('app', program);
    expect(hops[0]).toMatchObject({
      knownName: 'key-of-app-1.example.com',
      settings: { identityFiles: [desk.file('app-1.example.com-deploy-app')] },
    });
  });

  test('follows jumps to the first one, each with its own settings', async () => {
    desk.configure(
      'Host bastion',
      'HostName bastion.example.com',
      'User hop',
      'Host inner',
      'ProxyJump bastion',
      'Host app',
      'HostName 10.0.0.7',
      'User deploy',
      'ProxyJump root@inner:2222',
      'HostKeyAlias app.example.com',
    );
    const found = await plan('app', program);
    expect(
      found.hops.map(({ settings }) => `${settings.user}@${settings.hostName}:${settings.port}`),
    ).toEqual(['hop@bastion.example.com:22', 'root@inner:2222', 'deploy@10.0.0.7:22']);
    expect(found.hops.map(({ knownName }) => knownName)).toEqual([
      'bastion.example.com',
      '[inner]:2222',
      'app.example.com',
    ]);
    expect(describePlan(found)[0]).toBe(
      'as deploy on 10.0.0.7:22, through hop on bastion.example.com:22, then root on inner:2222',
    );
  });

  test('takes a list of jumps in its order', async () => {
    desk.configure('Host app', 'ProxyJump one,two:2222', 'Host two', 'ProxyJump elsewhere');
    const { hops } = await plan('app', program);
    expect(hops.map(({ label }) => label)).toEqual(['one', 'two:2222', 'app']);
  });

  test('does not go round in circles', async () => {
    desk.configure('Host one', 'ProxyJump two', 'Host two', 'ProxyJump one');
    await expect(plan('one', program)).rejects.toMatchObject({ code: 'SSH_CONFIG_INVALID' });
  });

  test('reads included files, also between others', async () => {
    mkdirSync(desk.file('conf.d'));
    writeFileSync(desk.file('conf.d/10-app.conf'), 'Host app\n  Port 2201\n  User first\n');
    writeFileSync(desk.file('conf.d/20-app.conf'), 'Host app\n  User second\n');
    desk.configure(
      `Include ${desk.file('conf.d')}/*.conf`,
      'ServerAliveInterval 5',
      'Host other',
      'Port 2202',
    );
    expect((await plan('app', program)).hops[0]?.settings).toMatchObject({
      port: 2201,
      user: 'first',
    });
    expect((await plan('other', program)).hops[0]?.settings).toMatchObject({ port: 2202 });
  });

  test('says that a host needs a program of its own to be reached', async () => {
    desk.configure('Host app', 'ProxyCommand nc %h %p');
    const { hops } = await plan('app', program);
    expect(hops[0]?.settings.hasProxyCommand).toBe(true);
    await expect(desk.line('app', { program }).open(signal)).rejects.toMatchObject({
      code: 'SSH_CONFIG_INVALID',
    });
  });

  test.each(['-oProxyCommand=touch owned', 'app;reboot', ''])(
    'passes %j to no program',
    async (address) => {
      await expect(plan(address, program)).rejects.toMatchObject({ code: 'HOST_ADDRESS_INVALID' });
    },
  );

  test('takes a jump that is no address for a fault of the configuration', async () => {
    desk.configure('Host app', 'ProxyJump "-oProxyCommand=touch owned"');
    await expect(plan('app', program)).rejects.toMatchObject({ name: 'AppError' });
  });
});

test('runs no program that a configuration names when it is read without OpenSSH', async () => {
  desk.configure(
    `Match exec "touch ${desk.file('owned')}"`,
    'Port 2200',
    'CanonicalizeHostname yes',
    'CanonicalDomains example.com',
  );
  const { hops } = await plan('app', null);
  expect(hops[0]?.settings.port).toBe(22);
  expect(() => {
    desk.know();
    return (globalThis as { process: NodeJS.Process }).process
      .getBuiltinModule('node:fs')
      .statSync(desk.file('owned'));
  }).toThrow('ENOENT');
});

test('says what OpenSSH does not like about a configuration', async () => {
  desk.configure('Host app', 'Port many');
  await expect(plan('app', 'ssh')).rejects.toMatchObject({ code: 'SSH_CONFIG_INVALID' });
  await expect(plan('app', 'ssh')).rejects.toThrow(/line 2/);
});

test('reads the files itself where OpenSSH is named but not installed', async () => {
  const { source } = await plan('app', '/nowhere/ssh');
  expect(source).toBe('configuration files');
});

test('tells before connecting with what it will log in and where the key is looked up', async () => {
  desk.agentSocket = '/run/agent';
  desk.configure(
    'Host app',
    'HostName app-1.example.com',
    'User deploy',
    'IdentityFile /keys/deploy',
    'IdentitiesOnly yes',
    'ProxyJump hop@bastion',
    'Host bastion',
    'IdentityFile none',
  );
  const lines = describePlan(await plan('app', 'ssh'));
  expect(lines).toEqual([
    'as deploy on app-1.example.com:22, through hop on bastion:22',
    'hop@bastion: log in by publickey, keyboard-interactive, password; agent /run/agent; keys none',
    `hop@bastion: host key looked up as bastion in ${desk.knownHosts}`,
    'app (app-1.example.com): log in by publickey, keyboard-interactive, password; agent /run/agent (the named keys only); keys /keys/deploy',
    `app (app-1.example.com): host key looked up as app-1.example.com in ${desk.knownHosts}`,
    'as the SSH configuration says (ssh -G)',
  ]);
});
