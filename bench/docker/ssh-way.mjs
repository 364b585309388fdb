/** An sshd on loopback with keys of its own, and a tunnel through it: the way to the engine that everybody takes then. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { until } from '../lib/time.mjs';

/** @param {string} folder @param {string} engineSocket */
export async function openSshWay(folder, engineSocket) {
  const at = (/** @type {string} */ name) => join(folder, name);
  for (const name of ['host-key', 'key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  }
  const port = await freePort();
  const user = userInfo().username;
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const server = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host-key')}`, 'PidFile none'],
    ...['UsePAM no', 'StrictModes no', 'PermitRootLogin prohibit-password'],
    `AuthorizedKeysFile ${at('key.pub')}`,
  ];
  writeFileSync(at('sshd_config'), `${server.join('\n')}\n`);
  const [type = '', key = ''] = readFileSync(at('host-key.pub'), 'utf8').split(' ');
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${type} ${key}\n`);
  const client = [
    ...['Host *', `IdentityFile ${at('key')}`, 'IdentitiesOnly yes', 'IdentityAgent none'],
    ...[`UserKnownHostsFile ${at('known_hosts')}`, 'GlobalKnownHostsFile none'],
    'StrictHostKeyChecking yes',
  ];
  writeFileSync(at('ssh_config'), `${client.join('\n')}\n`);
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-f', at('sshd_config')], { stdio: 'ignore' });
  const socket = at('tunnel.sock');
  const address = `${user}@127.0.0.1:${port}`;
  const words = ['-N', '-F', at('ssh_config'), '-L', `${socket}:${engineSocket}`];
  /** @type {import('node:child_process').ChildProcess | null} */
  let tunnel = null;
  await until(
    () => {
      if (tunnel === null || tunnel.exitCode !== null) {
        tunnel = spawn('ssh', [...words, '-p', String(port), `${user}@127.0.0.1`], {
          stdio: 'ignore',
        });
      }
      return existsSync(socket);
    },
    { what: 'A tunnel through sshd', timeoutMs: 10_000 },
  );
  return {
    address,
    /** Of the tunnel: for those who speak to a socket only. */
    socket,
    configFile: at('ssh_config'),
    close: () => {
      tunnel?.kill();
      sshd.kill();
    },
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
