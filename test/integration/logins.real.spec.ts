import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostLine } from '../../main/connections/ssh/line.js';
import { ask, isProvenBy, startOddServer } from './odd-ssh-server.js';
import type { OddOptions, OddSshServer } from './odd-ssh-server.js';
import { makeKey, publicLine, startSshd } from './private-sshd.js';
import type { KeyType, PrivateSshd, SshdOptions } from './private-sshd.js';
import { execOn, SshDesk } from './ssh-desk.js';

const signal = AbortSignal.timeout(100_000);
let desk: SshDesk;
let hostKey: string;
let stops: (() => Promise<void>)[];

beforeEach(() => {
  desk = new SshDesk();
  hostKey = makeKey(desk.file('host-key'));
  stops = [];
});
afterEach(async () => {
  await desk.close();
  await Promise.all(stops.map((stop) => stop()));
});

async function real(options: SshdOptions): Promise<PrivateSshd> {
  const sshd = await startSshd({ hostKeys: [hostKey], ...options });
  stops.push(sshd.stop);
  desk.know(`[127.0.0.1]:${sshd.port} ${publicLine(hostKey)}`);
  return sshd;
}

async function odd(
  authenticate: OddOptions['authenticate'],
  exec?: OddOptions['exec'],
): Promise<OddSshServer> {
  const server = await startOddServer({
    hostKey,
    authenticate,
    ...(exec === undefined ? {} : { exec }),
  });
  stops.push(server.stop);
  desk.know(`[127.0.0.1]:${server.port} ${publicLine(hostKey)}`);
  return server;
}

async function agentWith(...keyFiles: readonly string[]): Promise<void> {
  const socket = desk.file('agent');
  const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(agent.stdout!, 'data');
  stops.push(async () => {
    const ended = once(agent, 'exit');
    agent.kill();
    await ended;
  });
  desk.agentSocket = socket;
  for (const file of keyFiles) {
    execFileSync('ssh-add', ['-q', file], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'ignore',
    });
  }
}

const lineTo = ({ port }: { port: number }): HostLine => desk.line(`deploy@127.0.0.1:${port}`);

describe('keys', () => {
  const mine = ({ port }: { port: number }): HostLine => desk.line(`127.0.0.1:${port}`);

  test.each(['ed25519', 'ecdsa', 'rsa'] satisfies KeyType[])(
    'lets an %s key in from a file and from an agent',
    async (type) => {
      const key = makeKey(desk.file('id'), type);
      const sshd = await real({ authorized: [`${key}.pub`] });
      desk.configure('Host *', `IdentityFile ${key}`);
      const byFile = mine(sshd);
      await byFile.open(signal);
      expect((await execOn(byFile, 'exit 3')).exitCode).toBe(3);
      await agentWith(key);
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
      const sshd = await real({ authorized: [`${key}.pub`] });
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

  test('asks for no passphrase of a key that the server does not want', async () => {
    const [wanted, locked] = [
      makeKey(desk.file('wanted')),
      makeKey(desk.file('locked'), 'ed25519', 'secret words'),
    ];
    const sshd = await real({ authorized: [`${wanted}.pub`] });
    desk.configure('Host *', `IdentityFile ${locked}`, `IdentityFile ${wanted}`);
    await mine(sshd).open(signal);
    expect(desk.operator.asked).toEqual([]);
  });

  test('goes on with the next key when the operator does not open one, and says in the end what was tried', async () => {
    const locked = makeKey(desk.file('locked'), 'ed25519', 'secret words');
    const sshd = await real({ authorized: [`${locked}.pub`] });
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
    const sshd = await real({ authorized: [`${key}.pub`], lines: ['MaxAuthTries 3'] });
    await agentWith(...others, key);
    rmSync(key);
    desk.configure('Host *', `IdentityFile ${key}`, 'IdentitiesOnly yes');
    await mine(sshd).open(signal);
    desk.configure('Host *', 'IdentityFile none', 'PasswordAuthentication no');
    await expect(mine(sshd).open(signal)).rejects.toMatchObject({ code: 'HOST_LOGIN_REFUSED' });
  });

  test('offers a named key of the agent first, whatever else it holds', async () => {
    const others = Array.from({ length: 8 }, (_, index) => makeKey(desk.file(`other-${index}`)));
    const key = makeKey(desk.file('id'));
    const sshd = await real({ authorized: [`${key}.pub`], lines: ['MaxAuthTries 3'] });
    await agentWith(...others, key);
    desk.configure('Host *', `IdentityFile ${key}`);
    await mine(sshd).open(signal);
    expect(desk.operator.asked).toEqual([]);
  });

  test('says that an agent did not answer, and goes on without it', async () => {
    const sshd = await real({ authorized: [] });
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
    const sshd = await real({ authorized: [`${key}.pub`] });
    desk.configure('Host *', `IdentityFile ${key}`);
    await expect(mine(sshd).open(signal)).resolves.toMatchObject({
      address: `127.0.0.1:${sshd.port}`,
    });
  });
});

describe('passwords and codes', () => {
  const password: OddOptions['authenticate'] = (context, tried) => {
    tried.push(context.method === 'password' ? `password ${context.password}` : context.method);
    if (context.method === 'password' && context.password === 'right') {
      context.accept();
    } else {
      context.reject(['password']);
    }
  };

  test('asks for a password, again where it was wrong, and once for a line that comes back', async () => {
    const server = await odd(password);
    desk.operator.answers(
      'password',
      { kind: 'secret', value: 'wrong' },
      { kind: 'secret', value: 'right' },
    );
    const line = lineTo(server);
    await line.open(signal);
    expect(server.tried).toEqual(['none', 'password wrong', 'password right']);
    server.cut();
    await expect.poll(() => line.isUp).toBe(false);
    await line.open(signal);
    expect(server.tried.slice(3)).toEqual(['none', 'password right']);
    expect(desk.operator.asked).toHaveLength(2);
    await line.close();
    await line.open(signal);
    expect(desk.operator.asked).toHaveLength(3);
  });

  test('gives up after three passwords, and lets none of them out', async () => {
    const server = await odd(password);
    desk.operator.answers('password', { kind: 'secret', value: 'hunter2' });
    const thrown: unknown = await lineTo(server)
      .open(signal)
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'HOST_LOGIN_REFUSED' });
    expect(server.tried).toEqual(['none', ...Array<string>(3).fill('password hunter2')]);
    const everything = (error: unknown): string =>
      error instanceof Error
        ? `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${everything(error.cause)}`
        : '';
    expect(everything(thrown)).not.toContain('hunter2');
    expect(everything(thrown)).toContain('tried: password');
  });

  test('ends the login when the operator calls it off', async () => {
    const server = await odd(password);
    await expect(lineTo(server).open(signal)).rejects.toMatchObject({ code: 'HOST_LOGIN_REFUSED' });
    expect(server.tried).toEqual(['none']);
  });

  test('answers prompts over several rounds, shown and hidden ones, as often as the server asks', async () => {
    const server = await odd((context, tried) => {
      if (context.method !== 'keyboard-interactive') {
        tried.push(context.method);
        context.reject(['keyboard-interactive']);
        return;
      }
      ask(
        context,
        'First',
        [
          { prompt: 'Token \u001b[31mname:', echo: true },
          { prompt: 'PIN:', echo: false },
        ],
        (first) => {
          tried.push(first.join('+'));
          ask(context, 'Second', [{ prompt: 'Code:', echo: false }], (second) => {
            tried.push(second.join('+'));
            context.accept();
          });
        },
      );
    });
    desk.operator.answers(
      'prompts',
      { kind: 'values', values: ['phone', '1234'] },
      { kind: 'values', values: ['987654'] },
    );
    await lineTo(server).open(signal);
    expect(server.tried).toEqual(['none', 'phone+1234', '987654']);
    expect(desk.operator.asked).toEqual([
      {
        kind: 'prompts',
        host: `deploy@127.0.0.1:${server.port}`,
        title: 'First',
        instructions: 'Look at your phone.',
        prompts: [
          { text: 'Token name:', isShown: true },
          { text: 'PIN:', isShown: false },
        ],
      },
      expect.objectContaining({ title: 'Second', prompts: [{ text: 'Code:', isShown: false }] }),
    ]);
  });

  test.each(['file', 'agent'] as const)(
    'goes on to the code after a key (%s) was only the first factor',
    async (from) => {
      const key = makeKey(desk.file('id'));
      const other = makeKey(desk.file('other'));
      const server = await odd((context, tried) => {
        if (isProvenBy(context, key)) {
          const isSigned = context.method === 'publickey' && context.signature !== undefined;
          tried.push(isSigned ? 'signed' : 'key');
          if (isSigned) {
            context.reject(['keyboard-interactive'], true);
          } else {
            context.accept();
          }
        } else if (context.method === 'keyboard-interactive') {
          ask(context, '', [{ prompt: 'Code:', echo: false }], ([code]) => {
            tried.push(`code ${code ?? ''}`);
            context.accept();
          });
        } else {
          tried.push(context.method === 'publickey' ? 'another key' : context.method);
          context.reject(['publickey']);
        }
      });
      desk.configure('Host *', `IdentityFile ${key}`);
      if (from === 'agent') {
        await agentWith(key, other);
        rmSync(key);
      }
      desk.operator.answers('prompts', { kind: 'values', values: ['123456'] });
      await lineTo(server).open(signal);
      expect(server.tried).toEqual(['none', 'key', 'signed', 'code 123456']);
    },
  );

  test('waits longer for a person than for a machine', async () => {
    const server = await odd(password);
    const slow = desk.line(`deploy@127.0.0.1:${server.port}`);
    desk.configure('Host *', 'ConnectTimeout 1');
    desk.operator.answers('password', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { kind: 'secret', value: 'right' };
    });
    await expect(slow.open(signal)).resolves.toMatchObject({ user: 'deploy' });
  });

  test('takes the question back when the host closes the line before there is an answer', async () => {
    const server = await odd(password);
    let asked: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    desk.operator.answers('password', () => {
      asked();
      return new Promise(() => undefined);
    });
    const opening = lineTo(server).open(signal);
    opening.catch(() => undefined);
    await begun;
    server.cut();
    await expect(opening).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
    expect(readFileSync(desk.knownHosts, 'utf8')).toContain('ssh-ed25519');
  });
});

test('a command whose end the host never told has no exit code', async () => {
  const server = await odd(
    (context) => {
      context.accept();
    },
    (_command, channel) => {
      channel.close();
    },
  );
  const line = lineTo(server);
  await line.open(signal);
  await expect(execOn(line, 'true')).resolves.toMatchObject({ exitCode: null, signalName: null });
});
