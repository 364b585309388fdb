import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostWorld } from './host-world.js';
import { hasEnded, never, Notes, pidHere } from './host-world.js';

/** What every `HostPort` keeps, whatever the line it stands on. */
export function describeHostPort(name: string, makeWorld: () => Promise<HostWorld>): void {
  describe(`the host port over ${name}`, () => {
    let world: HostWorld;

    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(async () => {
      await world.cleanUp();
    });

    const read = (text: string) => world.port.read({ text, as: 'login' }, never);

    test('says who it is and what it can do', async () => {
      const info = await world.port.info(never);
      expect(info.hostName).not.toBe('');
      expect(info.fingerprint).toMatch(/^SHA256:|^container [0-9a-f]{12}$/);
      expect(['root-login', 'passwordless', 'password', 'none']).toContain(info.sudo);
    });

    test('reads both outputs apart, with the exit code of the script', async () => {
      expect(await read('echo out; echo err >&2; exit 7')).toEqual({
        exitCode: 7,
        stdout: 'out\n',
        stderr: 'err\n',
        isCut: false,
      });
    });

    test('takes a script that cannot be read for a failed script', async () => {
      const { exitCode, stderr } = await read('if true; then');
      expect(exitCode).not.toBe(0);
      expect(stderr).not.toBe('');
    });

    test('does not wait for what a reading script left running', async () => {
      const { stdout } = await read('sleep 60 & echo $!');
      process.kill(pidHere(world, stdout));
      expect(stdout).toMatch(/^\d+\n$/);
    });

    test('cuts what is longer than 4 MiB and says so', async () => {
      const { stdout, isCut, exitCode } = await read('head -c 9000000 /dev/zero | tr "\\0" x');
      expect({ isCut, exitCode }).toEqual({ isCut: true, exitCode: 0 });
      expect(stdout.length).toBeLessThan(4 * 1024 * 1024 + 100);
      expect(stdout).toMatch(/the rest is cut/);
    });

    test('follows a script that goes on until it is told to stop, and ends it on the host', async () => {
      const notes = new Notes();
      const stop = new AbortController();
      const script = { text: 'echo $$; echo first; sleep 600', as: 'login' } as const;
      const following = world.port.follow(script, notes.onLine, stop.signal);
      await notes.until(() => notes.lines.includes('first'));
      stop.abort();
      await following;
      await hasEnded(world, notes.lines[0]);
      expect(notes.lines).toHaveLength(2);
    });

    test('makes connections on the host, or says that it cannot', async () => {
      if (world.isShut === true) {
        await expect(world.port.connect('127.0.0.1', 5432, never)).rejects.toMatchObject({
          code: 'HOST_FORWARD_REFUSED',
        });
        return;
      }
      const server = createServer((socket) => socket.end('hello'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const stream = await world.port.connect('127.0.0.1', port, never);
      const chunks = await stream.toArray();
      server.close();
      expect(
        Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as Uint8Array))).toString(),
      ).toBe('hello');
    });
  });
}
