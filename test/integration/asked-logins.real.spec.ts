import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LoginWorld } from './login-world.js';
import { ask, isProvenBy } from './odd-ssh-server.js';
import type { OddOptions } from './odd-ssh-server.js';
import { makeKey } from './private-sshd.js';
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
    const server = await world.odd(password);
    desk.operator.answers(
      'password',
      { kind: 'secret', value: 'wrong' },
      { kind: 'secret', value: 'right' },
    );
    const line = world.lineTo(server);
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
    const server = await world.odd(password);
    desk.operator.answers('password', { kind: 'secret', value: 'hunter2' });
    const thrown: unknown = await world
      .lineTo(server)
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
    const server = await world.odd(password);
    await expect(world.lineTo(server).open(signal)).rejects.toMatchObject({
      code: 'HOST_LOGIN_REFUSED',
    });
    expect(server.tried).toEqual(['none']);
  });

  test('answers prompts over several rounds, shown and hidden ones, as often as the server asks', async () => {
    const server = await world.odd((context, tried) => {
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
    await world.lineTo(server).open(signal);
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
      const server = await world.odd((context, tried) => {
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
        await world.agentWith(key, other);
        rmSync(key);
      }
      desk.operator.answers('prompts', { kind: 'values', values: ['123456'] });
      await world.lineTo(server).open(signal);
      expect(server.tried).toEqual(['key', 'signed', 'code 123456']);
    },
  );

  test('waits longer for a person than for a machine', async () => {
    const server = await world.odd(password);
    const slow = desk.line(`deploy@127.0.0.1:${server.port}`);
    desk.configure('Host *', 'ConnectTimeout 1');
    desk.operator.answers('password', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { kind: 'secret', value: 'right' };
    });
    await expect(slow.open(signal)).resolves.toMatchObject({ user: 'deploy' });
  });

  test('takes the question back when the host closes the line before there is an answer', async () => {
    const server = await world.odd(password);
    let asked: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    desk.operator.answers('password', () => {
      asked();
      return new Promise(() => undefined);
    });
    const opening = world.lineTo(server).open(signal);
    opening.catch(() => undefined);
    await begun;
    server.cut();
    await expect(opening).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
    expect(readFileSync(desk.knownHosts, 'utf8')).toContain('ssh-ed25519');
  });
});

test('a command whose end the host never told has no exit code', async () => {
  const server = await world.odd(
    (context) => {
      context.accept();
    },
    (_command, channel) => {
      channel.close();
    },
  );
  const line = world.lineTo(server);
  await line.open(signal);
  await expect(execOn(line, 'true')).resolves.toMatchObject({ exitCode: null, signalName: null });
});
