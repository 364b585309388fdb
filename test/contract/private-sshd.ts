import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { until } from './host-world.js';

export type PrivateSshd = {
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  /** Options of `ssh` that reach it, and nothing of this account's own configuration. */
  readonly clientOptions: (port: number) => readonly string[];
  stop(): Promise<void>;
};

/** A real sshd on loopback with keys of its own; commands run as the account of the tests, with a cache folder apart. */
export async function startPrivateSshd(): Promise<PrivateSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-sshd-'));
  const user = userInfo().username;
  const makeKey = (name: string): void => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  };
  makeKey('host-key');
  makeKey('key');
  writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'key.pub')), { mode: 0o600 });
  if (process.getuid?.() === 0) {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  }
  mkdirSync(join(folder, 'home'));
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host-key')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `PidFile ${join(folder, 'pid')}`,
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no',
    // Each command of the suite is a connection of its own; the default drops some of ten at random while they log in.
    'MaxStartups 100',
    // A home of its own: what this account's own profile begins, and leaves half done when its shell is ended, is nobody's business here.
    `SetEnv HOME=${join(folder, 'home')} XDG_CACHE_HOME=${join(folder, 'cache')} XDG_DATA_HOME=${join(folder, 'share')}`,
  ];
  writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`);
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], {
    stdio: 'ignore',
  });
  await untilListening(port, child);
  const known = readFileSync(join(folder, 'host-key.pub'), 'utf8');
  writeFileSync(join(folder, 'known'), `lastgood-test ${known}`);
  return {
    folder,
    port,
    user,
    clientOptions: (to) => [
      ...['-F', 'none', '-T', '-p', String(to), '-i', join(folder, 'key'), '-l', user],
      ...[
        'BatchMode=yes',
        'IdentitiesOnly=yes',
        'IdentityAgent=none',
        'LogLevel=ERROR',
        'HostKeyAlias=lastgood-test',
        `UserKnownHostsFile=${join(folder, 'known')}`,
        'GlobalKnownHostsFile=none',
        'StrictHostKeyChecking=yes',
      ].flatMap((option) => ['-o', option]),
    ],
    stop: async () => {
      child.kill();
      await until(() => child.exitCode !== null || child.signalCode !== null);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  while (!(await answers(port))) {
    if (child.exitCode !== null) {
      throw new Error('sshd did not start.');
    }
  }
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    for (const event of ['error', 'close']) {
      socket.once(event, () => {
        resolve(false);
      });
    }
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
