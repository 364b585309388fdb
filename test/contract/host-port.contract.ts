import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shellQuote } from '../../main/steps/shell-quote.js';
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

    test('reads a script that may be seen just so', async () => {
      const text = `printf %s "it's !" '\\n'; echo err >&2; exit 7`;
      expect(await world.port.read({ text, as: 'login', mayBeSeen: true }, never)).toEqual({
        exitCode: 7,
        stdout: "it's !\\n",
        stderr: 'err\n',
        isCut: false,
      });
    });

    test('takes a script that cannot be read for a failed script', async () => {
      const { exitCode, stderr } = await read('if true; then');
      expect(exitCode).not.toBe(0);
      expect(stderr).not.toBe('');
    });

    test('answers each of several looks of one moment with its own outputs and end', async () => {
      const said = await Promise.all([
        read('printf one; printf bad >&2; exit 3'),
        read('exec 2>&1; echo two >&2'),
        read('if true; then'),
        read('cat; set -u; echo "$nobody"'),
        read('printf five'),
      ]);
      expect(said.map(({ exitCode }) => exitCode === 0)).toEqual([false, true, false, false, true]);
      expect(said[0]).toEqual({ exitCode: 3, stdout: 'one', stderr: 'bad', isCut: false });
      expect(said[1]).toEqual({ exitCode: 0, stdout: 'two\n', stderr: '', isCut: false });
      expect(said[4]).toEqual({ exitCode: 0, stdout: 'five', stderr: '', isCut: false });
    });

    test('keeps no answer back until a slower look of the same moment has ended', async () => {
      const gate = join(world.folder, 'gate');
      const quick = read('echo quick');
      const slow = read(`until [ -e ${shellQuote(gate)} ]; do sleep 0.05; done; echo slow`);
      expect(await quick).toMatchObject({ stdout: 'quick\n' });
      writeFileSync(gate, '');
      expect(await slow).toMatchObject({ stdout: 'slow\n' });
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
