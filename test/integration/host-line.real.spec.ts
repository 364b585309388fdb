import { describeHostLine } from '../contract/host-line.contract.js';
import type { HostLineWorld } from '../contract/host-line.contract.js';
import { fingerprint, freePort, makeKey, publicLine, startSshd } from './private-sshd.js';
import { SshDesk } from './ssh-desk.js';

async function world(
  client: 'built-in' | 'system',
  platform = process.platform,
): Promise<HostLineWorld> {
  const desk = new SshDesk();
  const key = makeKey(desk.file('id'));
  const sshd = await startSshd({ authorized: [`${key}.pub`] });
  const closedPort = await freePort();
  desk.configure('Host *', `IdentityFile ${key}`, 'IdentitiesOnly yes');
  desk.know(`[127.0.0.1]:${sshd.port} ${publicLine(sshd.hostKeys[0]!)}`);
  const another = () => desk.line(`127.0.0.1:${sshd.port}`, { client, platform });
  return {
    line: another(),
    another,
    nowhere: () => desk.line(`127.0.0.1:${closedPort}`, { client, platform }),
    fingerprint: fingerprint(sshd.hostKeys[0]!),
    cut: () => {
      for (const pid of sshd.sessions()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has just ended.
        }
      }
    },
    cleanUp: async () => {
      await desk.close();
      await sshd.stop();
    },
  };
}

describeHostLine('the built-in client', () => world('built-in'));
describeHostLine('the system’s ssh', () => world('system'));
describeHostLine('the system’s ssh where it cannot share a connection', () =>
  world('system', 'win32'),
);
