import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostLine } from '../../main/connections/ssh/line.js';
import { LoginWorld } from './login-world.js';
import { makeKey } from './private-sshd.js';
import type { KeyType } from './private-sshd.js';
import { execOn } from './ssh-desk.js';
import type { SshDesk } from './ssh-desk.js';

const signal = AbortSignal.timeout(100_000);
let world: LoginWorld;
let desk: SshDesk;

beforeEach(() => {
  world = new LoginWorld();
  ({ desk } = world);
});
afterEach(async () => {
  await world.close();
});

describe('keys', () => {
  const mine = ({ port }: { port: number }): HostLine => desk.line(`127.0.0.1:${port}`);

  test.each(['ed25519', 'ecdsa', 'rsa'] satisfies KeyType[])(
    'lets an %s key in from a file and from an agent',
    async (type) => {
      const key = makeKey(desk.file('id'), type);
      const sshd = await world.real({ authorized: [`${key}.pub`] });
      desk.configure('Host *', `IdentityFile ${key}`);
      const byFile = mine(sshd);
      await byFile.open(signal);
      expect((await execOn(byFile, 'exit 3')).exitCode).toBe(3);
      await world.agentWith(key);
      rmSync(key);
      const byAgent = mine(sshd);
      await byAgent.open(signal);
      expect((await execOn(byAgent, 'exit 4')).exitCode).toBe(4);
      expect(desk.operator.asked).toEqual([]);
    },
  );

  test.each([
    ['OpenSSH’s own form', []],
    ['the old form without a public half beside it', ['-m', 'PEM']],
  ])(
    'asks for the passphrase of a locked key in %s, again where it was wrong, and once for a line that comes back',
    async (_form, words) => {
      const key = desk.file('locked');
      execFileSync('ssh-keygen', [
        '-q',
        '-t',
        'rsa',
        '-b',
        '2048',
        ...words,
        '-N',
        'open sesame',
        '-f',
        key,
      ]);
      const sshd = await world.real({ authorized: [`${key}.pub`] });
      if (words.length > 0) {
        renameSync(`${key}.pub`, desk.file('elsewhere'));
      }
      desk.configure('Host *', `IdentityFile ${key}`);
      desk.operator.answers(
        'passphrase',
        { kind: 'secret', value: 'wrong' },
        { kind: 'secret', value: 'open sesame' },
      );
      const line = mine(sshd);
      await line.open(signal);
      expect(desk.operator.asked).toEqual([
        { kind: 'passphrase', keyFile: key },
        { kind: 'passphrase', keyFile: key },
      ]);
      for (const pid of sshd.sessions()) {
        process.kill(pid, 'SIGKILL');
      }
      await expect.poll(() => line.isUp).toBe(false);
      await line.open(signal);
      expect(desk.operator.asked).toHaveLength(2);
    },
  );

  test('shows a key that is at hand without asking first what the server takes', async () => {
    const key = makeKey(desk.file('id'));
    const tried: string[] = [];
    const server = await world.odd((context) => {
      tried.push(context.method);
      if (context.method === 'publickey') {
        context.accept();
      } else {
        context.reject(['publickey']);
      }
    });
    desk.configure('Host *', `IdentityFile ${key}`);
    await world.lineTo(server).open(signal);
    expect(tried).toEqual(['publickey', 'publickey']);
  });

  test('asks for no passphrase of a key that the server does not want', async () => {
    const [wanted, locked] = [
      makeKey(desk.file('wanted')),
      makeKey(desk.file('locked'), 'ed25519', 'secret words'),
    ];
    const sshd = await world.real({ authorized: [`${wanted}.pub`] });
    desk.configure('Host *', `IdentityFile ${locked}`, `IdentityFile ${wanted}`);
    await mine(sshd).open(signal);
    expect(desk.operator.asked).toEqual([]);
  });

  test('goes on with the next key when the operator does not open one, and says in the end what was tried', async () => {
    const locked = makeKey(desk.file('locked'), 'ed25519', 'secret words');
    const sshd = await world.real({ authorized: [`${locked}.pub`] });
    desk.configure(
      'Host *',
      `IdentityFile ${locked}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
    );
    const refused = mine(sshd).open(signal);
    await expect(refused).rejects.toMatchObject({ code: 'HOST_LOGIN_REFUSED' });
    await expect(refused).rejects.toThrow(`key ${locked}`);
  });

  test('offers only the named keys of a full agent where IdentitiesOnly says so', async () => {
    const others = Array.from({ length: 8 }, (_, index) => makeKey(desk.file(`other-${index}`)));
    const key = makeKey(desk.file('id'));
    const sshd = await world.real({ authorized: [`${key}.pub`], lines: ['MaxAuthTries 3'] });
    await world.agentWith(...others, key);
    rmSync(key);
    desk.configure('Host *', `IdentityFile ${key}`, 'IdentitiesOnly yes');
    await mine(sshd).open(signal);
    desk.configure('Host *', 'IdentityFile none', 'PasswordAuthentication no');
    await expect(mine(sshd).open(signal)).rejects.toMatchObject({ code: 'HOST_LOGIN_REFUSED' });
  });

  test('offers a named key of the agent first, whatever else it holds', async () => {
    const others = Array.from({ length: 8 }, (_, index) => makeKey(desk.file(`other-${index}`)));
    const key = makeKey(desk.file('id'));
    const sshd = await world.real({ authorized: [`${key}.pub`], lines: ['MaxAuthTries 3'] });
    await world.agentWith(...others, key);
    desk.configure('Host *', `IdentityFile ${key}`);
    await mine(sshd).open(signal);
    expect(desk.operator.asked).toEqual([]);
  });

  test('says that an agent did not answer, and goes on without it', async () => {
    const sshd = await world.real({ authorized: [] });
    desk.agentSocket = desk.file('nobody');
    desk.configure(
      'Host *',
      'IdentityFile none',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
    );
    await expect(mine(sshd).open(signal)).rejects.toThrow('did not answer');
  });

  test('reads a key that others may read as well', async () => {
    const key = makeKey(desk.file('id'));
    chmodSync(key, 0o644);
    const sshd = await world.real({ authorized: [`${key}.pub`] });
    desk.configure('Host *', `IdentityFile ${key}`);
    await expect(mine(sshd).open(signal)).resolves.toMatchObject({
      address: `127.0.0.1:${sshd.port}`,
    });
  });
});
