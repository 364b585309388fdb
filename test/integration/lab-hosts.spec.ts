import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMachine } from '../lab/hosts/hosts.mjs';
import { openLine } from '../lab/hosts/line.mjs';
import type { Machine } from '../lab/hosts/machine.mjs';
import { nextCode } from '../lab/hosts/one-time-code.mjs';
import { realEngine } from './real-engine.js';
import { hostsMayBeMissing, realHosts, ssh } from './real-hosts.js';
import type { Login } from './real-hosts.js';

type Health = { readonly status: string; readonly version: string; readonly database: boolean };

describe.skipIf(hostsMayBeMissing)('the machine of the lab', () => {
  let app: Machine;
  const as = (user: string, more: Partial<Login> = {}): Login => ({
    user,
    address: app.address,
    port: app.port,
    knownHosts: app.knownHosts,
    ...more,
  });
  const output = async (user: string, command: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await ssh(as(user), command);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const health = async (use: string): Promise<Health> => {
    const answer = await fetch(`http://127.0.0.1:${app.ports[use]}/health`);
    return (await answer.json()) as Health;
  };
  const serves = async (use: string, version: string): Promise<void> => {
    await expect
      .poll(() => health(use).then((said) => `${said.version} ${said.status}`, String), {
        timeout: 30_000,
      })
      .toBe(`${version} healthy`);
  };

  beforeAll(async () => {
    app = await openMachine(realEngine().socket, 'app');
  });

  afterAll(async () => {
    await app.remove();
  });

  it('is a whole machine that has booted', async () => {
    expect(await output('deploy', 'systemctl is-system-running')).toBe('running');
    expect(await output('deploy', 'ps -o comm= -p 1')).toBe('systemd');
    expect(await output('deploy', 'cat /etc/machine-id')).toBe(app.machineId);
    expect(await output('deploy', 'sudo journalctl -u lab-service -n 5 -o cat')).toMatch(
      /database is not reachable/u,
    );
  });

  it('serves the sick version three ways', async () => {
    for (const use of ['systemd', 'pm2', 'git']) {
      expect(await health(use)).toMatchObject({
        status: 'unhealthy',
        version: '1.2.0',
        database: false,
      });
    }
  });

  it('gives root to those who may have it, and to nobody else', async () => {
    expect(await output('deploy', 'sudo -n id -u')).toBe('0');
    expect(await ssh(as('careful'), 'sudo -n id -u')).toMatchObject({ exitCode: 1, stdout: '' });
    const right = `${realHosts().passwords.careful}\n`;
    expect(await ssh(as('careful'), "sudo -S -p '' id -u", right)).toMatchObject({ stdout: '0' });
    const wrong = await ssh(as('careful'), "sudo -k -S -p '' id -u", 'wrong\nwrong\nwrong\n');
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
    const refused = await ssh(as('plain'), "sudo -S -p '' id -u", right);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('opens by a key, by a key behind a passphrase, by a password, and to no stranger', async () => {
    const { keys, passphrase, passwords } = realHosts();
    const locked = await ssh(as('plain', { key: keys.locked, typed: [passphrase] }), 'id -un');
    expect(locked.stdout).toBe('plain');
    expect((await ssh(as('plain', { key: keys.rsa }), 'id -un')).stdout).toBe('plain');
    expect((await ssh(as('plain', { key: keys.stranger }), 'id -un')).exitCode).toBe(255);
    const typist = { key: null, typed: [passwords.typist] };
    expect((await ssh(as('typist', typist), 'id -un')).stdout).toBe('typist');
    const wrong = { key: null, typed: [`${passwords.typist}x`] };
    expect((await ssh(as('typist', wrong), 'id -un')).exitCode).toBe(255);
  });

  it('has accounts with other shells, and one whose shell makes noise', async () => {
    expect(await output('with-fish', 'echo $FISH_VERSION')).toMatch(/^3\./u);
    expect(await output('with-csh', 'echo $version')).toMatch(/^tcsh/u);
    expect(await output('with-dash', 'readlink /proc/$$/exe')).toBe('/usr/bin/dash');
    const noisy = await ssh(as('noisy'), 'echo done');
    expect(noisy.stdout).toMatch(/^Welcome to this machine! exit 0\n.*done$/su);
    expect(noisy.stdout).toContain('\u001B[1;31m');
    expect(noisy.stderr).toContain('nvm');
  });

  it('goes back by the source document’s systemd commands', async () => {
    expect(await output('deploy', 'ls /opt/lab-service/releases')).toBe('v1.0.0\nv1.1.0\nv1.2.0');
    const place = '/opt/lab-service';
    expect(await output('deploy', `readlink ${place}/current`)).toBe(`${place}/releases/v1.2.0`);
    await output('deploy', 'sudo systemctl stop lab-service');
    await expect(health('systemd')).rejects.toThrow();
    await output('deploy', `sudo mv ${place}/current ${place}/rollback-by-hand`);
    await output('deploy', `sudo ln -s ${place}/releases/v1.1.0 ${place}/current`);
    await output('deploy', 'sudo systemctl start lab-service');
    await serves('systemd', '1.1.0');
    const body = JSON.stringify({ conditionId: 'test-market-id' });
    const address = `http://127.0.0.1:${app.ports['systemd']}/trigger`;
    expect((await fetch(address, { method: 'POST', body })).status).toBe(202);
    await expect
      .poll(() => app.run('journalctl', '-u', 'lab-service', '-o', 'cat', '-n', '20'))
      .toContain('analysis test-market-id completed');
  });

  it('goes back by the source document’s PM2 commands', async () => {
    expect(await output('pm2user', 'pm2 jlist')).toContain('"name":"lab-pm2"');
    await output('pm2user', 'pm2 stop lab-pm2');
    await expect(health('pm2')).rejects.toThrow();
    await output('pm2user', 'mv /opt/lab-pm2/current /opt/lab-pm2/rollback-by-hand');
    await output('pm2user', 'ln -s /opt/lab-pm2/releases/v1.1.0 /opt/lab-pm2/current');
    const start = 'cd /opt/lab-pm2/current && pm2 start ecosystem.config.cjs';
    await output('pm2user', `pm2 delete lab-pm2 && ${start} && pm2 save`);
    await serves('pm2', '1.1.0');
    expect(await output('deploy', 'systemctl is-active pm2-pm2user')).toBe('active');
  });

  it('goes back by checkout, clean install and build, and asks no registry', async () => {
    const tags = 'cd /opt/lab-git && git tag --list && git status --short && git log --format=%an';
    expect((await output('deploy', tags)).split('\n')).toEqual([
      ...['v1.0.0', 'v1.1.0', 'v1.2.0'],
      ...['Ada', 'Jörg "Jo" Grünwald', 'Grace', 'Ada'],
    ]);
    await output('deploy', 'sudo systemctl stop lab-git');
    // Without its development packages the build cannot work: that is why they are installed.
    const build = 'git checkout -q v1.1.0 && npm ci && npm run build && npm prune --omit=dev';
    expect((await ssh(as('deploy'), 'cd /opt/lab-git && npm run build')).exitCode).not.toBe(0);
    await output('deploy', `cd /opt/lab-git && ${build}`);
    expect((await ssh(as('deploy'), 'getent hosts example.org')).exitCode).not.toBe(0);
    await output('deploy', 'sudo systemctl start lab-git');
    await serves('git', '1.1.0');
  });

  it('is what it was at first after a reset, at the same ports', async () => {
    await app.reset();
    for (const use of ['systemd', 'pm2', 'git']) {
      expect(await health(use)).toMatchObject({ status: 'unhealthy', version: '1.2.0' });
    }
    expect(await output('deploy', 'ls -A /opt/lab-service')).toBe('current\nreleases');
    expect(await output('deploy', 'git -C /opt/lab-git describe --tags')).toBe('v1.2.0');
  });

  it('can show other host keys, and can be another machine with the same ones', async () => {
    await app.changeHostKey();
    const changed = await ssh(as('deploy'), 'true');
    expect(changed.exitCode).toBe(255);
    expect(changed.stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    await app.reset({ machineId: '0123456789abcdef0123456789abcdef' });
    expect(await output('deploy', 'cat /etc/machine-id')).toBe('0123456789abcdef0123456789abcdef');
  });

  it('falls silent when it is frozen, and goes on afterwards', async () => {
    await app.freeze();
    const options = ['-o', 'ConnectTimeout=1'];
    expect((await ssh(as('deploy', { options }), 'true')).stderr).toMatch(/timed out/u);
    await app.thaw();
    expect(await output('deploy', 'echo again')).toBe('again');
  });
});

describe.skipIf(hostsMayBeMissing)('the other hosts of the lab', () => {
  const at = (name: 'bastion' | 'code' | 'strict' | 'app', more: Partial<Login>): Login => {
    const { address, port } = realHosts().hosts[name];
    return { user: 'deploy', address, port, ...more };
  };

  it('lead through the bastion to the machine that has a name only there', async () => {
    const { keys, knownHosts, hosts } = realHosts();
    const hop = `ssh -F none -i ${keys.lab} -o UserKnownHostsFile=${knownHosts} -p ${hosts.bastion.port} -W %h:%p deploy@127.0.0.1`;
    const through = {
      user: 'deploy',
      address: 'app',
      port: 22,
      options: ['-o', `ProxyCommand=${hop}`],
    };
    expect((await ssh(through, 'hostname; cat /etc/machine-id')).stdout).toBe(
      `app\n${hosts.app.machineId}`,
    );
    expect((await ssh(at('bastion', {}), 'ps -o comm= -p 1')).stdout).toBe('sshd');
  });

  it('ask for a password and a one-time code that is good once, in rounds', async () => {
    const { passwords } = realHosts();
    const machine = await openMachine(realEngine().socket, 'code');
    try {
      const { address, port, knownHosts } = machine;
      const login = { user: 'code', address, port, knownHosts, key: null };
      const log = async (typed: string[]) => ssh({ ...login, typed }, 'id -un');
      const code = await nextCode(machine, 'code');
      expect((await log([passwords.code, '000000'])).exitCode).toBe(255);
      expect((await log(['wrong', code])).exitCode).toBe(255);
      expect((await log([passwords.code, code])).stdout).toBe('code');
      expect((await log([passwords.code, code])).exitCode).toBe(255);
      expect((await log([passwords.code, await nextCode(machine, 'code')])).stdout).toBe('code');
    } finally {
      await machine.remove();
    }
  });

  it('ask for a code alone from whoever came with a key, and for nothing else', async () => {
    const machine = await openMachine(realEngine().socket, 'code');
    try {
      const { address, port, knownHosts } = machine;
      const login = { user: 'keycode', address, port, knownHosts };
      const typed = [await nextCode(machine, 'keycode')];
      expect((await ssh({ ...login, typed: ['000000'] }, 'id -un')).exitCode).toBe(255);
      expect((await ssh({ ...login, typed }, 'id -un')).stdout).toBe('keycode');
      const withoutKey = { ...login, key: null, typed: [await nextCode(machine, 'keycode')] };
      expect((await ssh(withoutKey, 'id -un')).exitCode).toBe(255);
    } finally {
      await machine.remove();
    }
  });

  it('take nothing but a certificate and one cipher where they are strict', async () => {
    const { keys } = realHosts();
    expect((await ssh(at('strict', { key: keys.certified }), 'id -un')).stdout).toBe('deploy');
    expect((await ssh(at('strict', { key: keys.lab }), 'id -un')).exitCode).toBe(255);
    const options = ['-c', 'aes256-gcm@openssh.com'];
    const other = await ssh(at('strict', { key: keys.certified, options }), 'id -un');
    expect(other.stderr).toContain('no matching cipher');
  });

  it('are reached over a line that can be cut, silenced and mended', async () => {
    const { port } = realHosts().hosts.bastion;
    const line = await openLine(port);
    try {
      const options = ['-o', `HostKeyAlias=[127.0.0.1]:${port}`, '-o', 'ConnectTimeout=2'];
      const over = (command: string) => ssh(at('bastion', { port: line.port, options }), command);
      expect((await over('echo here')).stdout).toBe('here');

      const cut = over('echo begun; sleep 60');
      await expect.poll(() => line.connections()).toBe(1);
      line.cut();
      expect((await cut).exitCode).toBe(255);
      expect((await over('true')).exitCode).toBe(255);

      line.mend();
      expect((await over('echo back')).stdout).toBe('back');
      line.silence();
      expect((await over('true')).stderr).toMatch(/timed out/u);
      line.mend();
      expect((await over('echo back again')).stdout).toBe('back again');
    } finally {
      await line.close();
    }
  });

  it('lose nothing that was sent over a line while it was silent', async () => {
    const { port } = realHosts().hosts.bastion;
    const line = await openLine(port, { delayMs: 5 });
    try {
      line.silence();
      const client = connect(line.port, '127.0.0.1');
      const greeting = new Promise<string>((resolve) => {
        client.once('data', (bytes) => {
          resolve(bytes.toString('latin1'));
        });
      });
      await expect.poll(() => line.connections()).toBe(1);
      line.mend();
      expect(await greeting).toMatch(/^SSH-2\.0-/u);
      client.destroy();
    } finally {
      await line.close();
    }
  });
});
