import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecStdin, HostLine } from '../../main/connections/ssh/line.js';

export type HostLineWorld = {
  readonly line: HostLine;
  /** Another line to the same machine, not opened. */
  readonly another: () => HostLine;
  /** One to a port where nobody listens. */
  readonly nowhere: () => HostLine;
  readonly fingerprint: string;
  /** Ends what the machine serves now, from its side. */
  readonly cut: () => void;
  readonly cleanUp: () => Promise<void>;
};

const signal = AbortSignal.timeout(120_000);

type Collected = {
  exitCode: number | null;
  signalName: string | null;
  stdout: Buffer;
  stderr: Buffer;
};

async function run(line: HostLine, command: string, input?: string): Promise<Collected> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const end = await line.exec(
    command,
    {
      ...(input === undefined ? {} : { input: Buffer.from(input) }),
      onStdout: (bytes) => stdout.push(bytes),
      onStderr: (bytes) => stderr.push(bytes),
    },
    signal,
  );
  return { ...end, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
}

/** What every line to a real machine promises, whichever client makes it. */
export function describeHostLine(name: string, setUp: () => Promise<HostLineWorld>): void {
  describe(`a line to a host: ${name}`, () => {
    let world: HostLineWorld;
    let line: HostLine;
    beforeAll(async () => {
      world = await setUp();
      ({ line } = world);
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    test('says whom it verified, again without a second connection', async () => {
      const [info, again] = await Promise.all([line.open(signal), line.open(signal)]);
      expect(info.fingerprint).toBe(world.fingerprint);
      expect(info).toEqual(again);
      expect(line.isUp).toBe(true);
    });

    test('keeps both outputs apart and gives the true exit code', async () => {
      await line.open(signal);
      const ended = await run(line, 'echo out; echo err >&2; exit 7');
      expect({ ...ended, stdout: String(ended.stdout), stderr: String(ended.stderr) }).toEqual({
        exitCode: 7,
        signalName: null,
        stdout: 'out\n',
        stderr: 'err\n',
      });
    });

    test('takes a command that a signal ended for no success', async () => {
      await line.open(signal);
      const { exitCode } = await run(line, 'kill -9 $$');
      expect(exitCode).toBeNull();
      expect(line.isUp).toBe(true);
    });

    test('closes stdin, so that a command that reads it ends', async () => {
      await line.open(signal);
      expect(String((await run(line, 'cat')).stdout)).toBe('');
      expect(String((await run(line, 'exec sh -s', 'echo "fed $((1+1))"\n')).stdout)).toBe(
        'fed 2\n',
      );
    });

    test('leaves stdin open for what must be said in the middle', async () => {
      await line.open(signal);
      const held: { stdin: ExecStdin | null } = { stdin: null };
      let heard = '';
      const { exitCode } = await line.exec(
        'printf "ready? " >&2; read answer; echo "got $answer"',
        {
          onStdin: (stdin) => {
            held.stdin = stdin;
          },
          onStdout: (bytes) => {
            heard += Buffer.from(bytes).toString();
          },
          onStderr: (bytes) => {
            if (Buffer.from(bytes).toString().includes('ready?')) {
              held.stdin?.write(Buffer.from('yes\n'));
              held.stdin?.end();
            }
          },
        },
        signal,
      );
      expect({ exitCode, heard }).toEqual({ exitCode: 0, heard: 'got yes\n' });
    });

    test('hands over every byte, whatever it is', async () => {
      await line.open(signal);
      const { stdout } = await run(
        line,
        String.raw`i=0; while [ $i -lt 3000 ]; do printf 'h\303\251\377'; i=$((i+1)); done`,
      );
      expect(stdout.length).toBe(12_000);
      expect(stdout.subarray(-4).toString('hex')).toBe('68c3a9ff');
    });

    test('is not stalled by a flood on either output', async () => {
      await line.open(signal);
      const ended = await run(
        line,
        'head -c 9000000 /dev/zero >&2; head -c 3000000 /dev/zero; exit 3',
      );
      expect([ended.stdout.length, ended.stderr.length, ended.exitCode]).toEqual([
        3_000_000, 9_000_000, 3,
      ]);
    });

    test('runs more commands at once than a server takes, by letting some wait', async () => {
      await line.open(signal);
      const commands = Array.from({ length: 24 }, (_, index) =>
        run(line, `sleep 0.1; exit ${index}`),
      );
      const codes = (await Promise.all(commands)).map(({ exitCode }) => exitCode);
      expect(codes).toEqual(Array.from({ length: 24 }, (_, index) => index));
    });

    test('stops waiting when the signal fires, and goes on working', async () => {
      await line.open(signal);
      const stop = new AbortController();
      const quiet = {
        onStderr: () => undefined,
        onStdout: () => {
          stop.abort();
        },
      };
      const waiting = line.exec('echo begun; sleep 60', quiet, stop.signal);
      await expect(waiting).rejects.toMatchObject({ code: 'STEP_STOPPED' });
      expect((await run(line, 'exit 4')).exitCode).toBe(4);
    });

    test('opens a connection as seen from the machine', async () => {
      await line.open(signal);
      const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const stream = await line.connect('127.0.0.1', port, signal);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) {
        chunks.push(Buffer.from(chunk as Uint8Array));
      }
      server.close();
      expect(Buffer.concat(chunks).toString()).toBe('hello');
      await expect(line.connect('127.0.0.1', port, signal)).rejects.toMatchObject({
        code: 'HOST_FORWARD_REFUSED',
      });
    });

    test('begins nothing on a line that is not open', async () => {
      const closed = world.another();
      await expect(run(closed, 'true')).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
      await expect(closed.connect('127.0.0.1', 1, signal)).rejects.toMatchObject({
        code: 'HOST_UNREACHABLE',
      });
      expect(closed.isUp).toBe(false);
    });

    test('says that nobody answers', async () => {
      await expect(world.nowhere().open(signal)).rejects.toMatchObject({
        code: 'HOST_UNREACHABLE',
      });
      await expect(world.nowhere().open(AbortSignal.abort())).rejects.toMatchObject({
        code: 'STEP_STOPPED',
      });
    });

    test('says that a line broke under a command, and comes back when it is opened again', async () => {
      const mine = world.another();
      await mine.open(signal);
      const quiet = {
        onStderr: () => undefined,
        onStdout: () => {
          world.cut();
        },
      };
      const waiting = mine.exec('echo begun; sleep 60', quiet, signal);
      await expect(waiting).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
      await expect.poll(() => mine.isUp).toBe(false);
      await expect(run(mine, 'true')).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
      await mine.open(signal);
      expect((await run(mine, 'exit 5')).exitCode).toBe(5);
    });
  });
}
