import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostJob } from '../../main/connections/ports.js';
import { shellQuote } from '../../main/steps/shell-quote.js';
import type { HostWorld } from './host-world.js';
import { hasEnded, never, Notes, pidHere, until } from './host-world.js';

/** What every `HostPort` keeps of the work it starts, whatever becomes of the line. */
export function describeHostJobs(name: string, makeWorld: () => Promise<HostWorld>): void {
  describe(`detached work over ${name}`, () => {
    let world: HostWorld;
    let jobs = 0;

    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(async () => {
      await world.cleanUp();
    });

    const jobOf = (...scripts: readonly string[]): HostJob => ({
      id: { runId: 'run-1', name: `job-${(jobs += 1)}` },
      as: 'login',
      parts: scripts.map((script, index) => ({ name: `part ${index + 1}`, script })),
    });
    const sayLittle = (which: readonly number[], job: HostJob): HostJob => ({
      ...job,
      parts: job.parts.map((part, index) => ({ ...part, saysLittle: which.includes(index) })),
    });
    const outputs: readonly (readonly [string, readonly number[]])[] = [
      ['by pipes', []],
      ['by plain files where they say little', [0, 1, 2]],
      ['by either in turn', [1]],
    ];
    const file = (name: string): string => join(world.folder, name);
    /** Goes on once somebody writes the file. */
    const gate = (name: string): string =>
      `while [ ! -e ${shellQuote(file(name))} ]; do sleep 0.02; done`;
    const openGate = (name: string): void => {
      writeFileSync(file(name), '');
    };
    const countsOnce = (): string => `echo once >>${shellQuote(file('count'))}`;
    const count = (): number => readFileSync(file('count'), 'utf8').split('\n').length - 1;

    test.each(outputs)(
      'runs the parts one after the other, telling their ends, %s',
      async (_, little) => {
        const notes = new Notes();
        const job = sayLittle(
          little,
          jobOf('echo a; echo done with a', 'echo b >&2; echo it was so; exit 90', 'echo c'),
        );
        const state = await world.port.run(job, notes, never);
        expect(state).toEqual({
          status: 'ended',
          parts: [
            { name: 'part 1', status: 'done', exitCode: 0, summary: 'done with a' },
            { name: 'part 2', status: 'already', exitCode: 90, summary: 'it was so' },
            { name: 'part 3', status: 'done', exitCode: 0, summary: 'c' },
          ],
        });
        expect(notes.parts).toEqual(state.status === 'ended' ? state.parts : []);
        expect(notes.all.indexOf('done with a')).toBeLessThan(notes.all.indexOf('[part 1 done]'));
        expect(notes.all.indexOf('[part 1 done]')).toBeLessThan(notes.all.indexOf('it was so'));
      },
    );

    test('a job that was sealed before it came never begins, however late it comes', async () => {
      const job = jobOf(countsOnce());
      expect(await world.otherPort.seal(job.id, job.as, never)).toEqual({ status: 'absent' });
      await expect(world.port.run(job, new Notes(), never)).rejects.toMatchObject({
        code: 'JOB_NOT_STARTED',
      });
      expect(existsSync(file('count'))).toBe(false);
      expect(await world.port.job(job.id, never)).toEqual({ status: 'absent' });
      await world.port.cleanUp(job.id.runId, never);
    });

    test('sealing changes nothing about a job that has begun', async () => {
      const job = jobOf(`${countsOnce()}; ${gate('go on')}`);
      const running = world.port.run(job, new Notes(), never);
      await until(() => existsSync(file('count')));
      expect(await world.otherPort.seal(job.id, job.as, never)).toMatchObject({
        status: 'running',
      });
      openGate('go on');
      expect(await running).toMatchObject({ status: 'ended', parts: [{ status: 'done' }] });
      expect(await world.otherPort.seal(job.id, job.as, never)).toMatchObject({ status: 'ended' });
      expect(count()).toBe(1);
    });

    test('stops at the first part that fails', async () => {
      const notes = new Notes();
      const job = jobOf('echo fine', 'echo no room >&2; exit 3', countsOnce());
      await world.port.run(job, notes, never);
      expect(notes.parts.map(({ status, exitCode }) => [status, exitCode])).toEqual([
        ['done', 0],
        ['failed', 3],
        ['not-begun', null],
      ]);
      expect(notes.parts[1]?.summary).toBe('no room');
      expect(existsSync(file('count'))).toBe(false);
    });

    test('never starts the same job twice', async () => {
      const job = jobOf(`${countsOnce()}; echo made`);
      await world.port.run(job, new Notes(), never);
      const [again, other] = [new Notes(), new Notes()];
      await world.port.run(job, again, never);
      await world.otherPort.run(job, other, never);
      expect(count()).toBe(1);
      expect(again.all).toEqual(['made', '[part 1 done]']);
      expect(other.all).toEqual(['made', '[part 1 done]']);
    });

    test('two consoles that start the same job at once start it once', async () => {
      const job = jobOf(`${countsOnce()}; ${gate('go')}; echo made`);
      const notes = [new Notes(), new Notes()] as const;
      const first = world.port.run(job, notes[0], never);
      const second = world.otherPort.run(job, notes[1], never);
      openGate('go');
      await Promise.all([first, second]);
      expect(count()).toBe(1);
      expect(notes.map(({ all }) => all)).toEqual([
        ['made', '[part 1 done]'],
        ['made', '[part 1 done]'],
      ]);
    });

    test.each(outputs)(
      'goes on after a drop of the line, telling each line once, %s',
      async (_, little) => {
        const notes = new Notes();
        const job = sayLittle(
          little,
          jobOf(
            `echo before; printf half; ${gate('cut')}; echo ' and half'; echo after`,
            `${countsOnce()}; echo second`,
          ),
        );
        const running = world.port.run(job, notes, never);
        await notes.until(() => notes.lines.includes('before'));
        world.drop();
        openGate('cut');
        await until(() => existsSync(file('count')));
        world.restore();
        const state = await running;
        expect(state.status).toBe('ended');
        expect(notes.all).toEqual([
          'before',
          'half and half',
          'after',
          '[part 1 done]',
          'second',
          '[part 2 done]',
        ]);
        // On a busy machine a try to reconnect may fail before one succeeds.
        expect(world.states[0]).toBe('up');
        expect(world.states).toContain('reconnecting');
        expect(world.states.at(-1)).toBe('up');
      },
    );

    test('another console picks a running job up from its first line', async () => {
      const notes = new Notes();
      const job = jobOf(`echo first; ${gate('go')}; echo last`);
      const running = world.port.run(job, notes, never);
      await notes.until(() => notes.lines.includes('first'));
      expect((await world.otherPort.job(job.id, never)).status).toBe('running');
      const other = new Notes();
      const followed = world.otherPort.pickUp(job.id, other, never);
      await other.until(() => other.lines.includes('first'));
      openGate('go');
      expect(await followed).toEqual(await running);
      expect(other.all).toEqual(notes.all);
    });

    test('knows an ended job, with its names and summaries, without having followed it', async () => {
      const job = jobOf('echo one; exit 90', 'echo two; exit 4', 'echo three');
      const state = await world.port.run(job, new Notes(), never);
      expect(await world.otherPort.job(job.id, never)).toEqual(state);
    });

    test('a job that was never started is absent, and looking or picking up starts nothing', async () => {
      const { id } = jobOf('true');
      expect(await world.port.job(id, never)).toEqual({ status: 'absent' });
      expect(await world.port.pickUp(id, new Notes(), never)).toEqual({ status: 'absent' });
      expect(await world.port.cancel(id, never)).toEqual({ status: 'absent' });
    });

    test.each(outputs)(
      'ends the whole process group when it is cancelled, %s',
      async (_, little) => {
        const notes = new Notes();
        const job = sayLittle(little, jobOf('sleep 600 & echo $!; wait', 'echo never'));
        const running = world.port.run(job, notes, never);
        await notes.until(() => notes.lines.length > 0);
        const state = await world.otherPort.cancel(job.id, never);
        await hasEnded(world, notes.lines[0]);
        expect(await running).toEqual(state);
        expect(notes.parts.map(({ status, exitCode }) => [status, exitCode])).toEqual([
          ['failed', 143],
          ['not-begun', null],
        ]);
      },
    );

    test('ends what ignores TERM by force', async () => {
      const notes = new Notes();
      const job = jobOf("trap '' TERM; echo $$; while :; do sleep 0.05; done");
      const running = world.port.run(job, notes, never);
      await notes.until(() => notes.lines.length > 0);
      const state = await world.otherPort.cancel(job.id, never);
      expect(state).toMatchObject({
        status: 'ended',
        parts: [{ status: 'failed', exitCode: 137 }],
      });
      await hasEnded(world, notes.lines[0]);
      expect(await running).toEqual(state);
    });

    test('the signal of a run cancels its job and rejects', async () => {
      const notes = new Notes();
      const stop = new AbortController();
      const job = jobOf('echo $$; sleep 600');
      const running = world.port.run(job, notes, stop.signal);
      await notes.until(() => notes.lines.length > 0);
      stop.abort();
      await expect(running).rejects.toMatchObject({ code: 'STEP_STOPPED' });
      await hasEnded(world, notes.lines[0]);
    });

    test('a job ends with its shell, whatever it left behind holding its output', async () => {
      const notes = new Notes();
      const job = jobOf('sleep 600 & echo $!', 'echo next');
      await world.port.run(job, notes, never);
      process.kill(pidHere(world, notes.lines[0]));
      expect(notes.parts.map(({ status }) => status)).toEqual(['done', 'done']);
    });

    test('what a job starts can be interrupted', async () => {
      const notes = new Notes();
      const job = jobOf('grep SigIgn /proc/self/status');
      await world.port.run(job, notes, never);
      const ignored = BigInt(`0x${notes.lines[0]?.split(/\s+/)[1] ?? ''}`);
      const bit = (signal: number): bigint => (ignored >> BigInt(signal - 1)) & 1n;
      // HUP, INT, QUIT, PIPE, TERM
      expect([1, 2, 3, 13, 15].map(bit)).toEqual([0n, 0n, 0n, 0n, 0n]);
    });

    test('long lines, broken characters and escape sequences do no harm', async () => {
      const notes = new Notes();
      const job = jobOf(
        "head -c 1000000 /dev/zero | tr '\\0' x; echo; printf 'a\\377b\\033[31mred\\033[0m\\033c\\342\\200\\256end\\n'",
      );
      await world.port.run(job, notes, never);
      expect(notes.lines[0]).toMatch(
        /^x{65536} … \(934464 more characters of this line are not shown\)$/,
      );
      expect(notes.lines[1]).toBe('a\ufffdbred\u241bc\ufffdend');
    });

    test('a flood stalls nothing; its beginning and its end are kept, and the cut is said', async () => {
      const notes = new Notes();
      const flood = `i=0; while [ $i -lt 30 ]; do head -c 1000000 /dev/zero | tr '\\0' e; echo; i=$((i + 1)); done >&2
echo last >&2; echo done`;
      const state = await world.port.run(jobOf(flood), notes, never);
      expect(state).toMatchObject({ parts: [{ status: 'done', summary: 'done' }] });
      expect(notes.errors.filter((line) => line.includes('more than 16 MiB'))).toHaveLength(1);
      expect(notes.errors.length).toBeLessThan(25);
      expect(notes.errors.at(-1)).toBe('last');
    });

    test('removes what a run left on the host, by name, and not what still runs', async () => {
      const ended = jobOf('echo over');
      const running = jobOf(`echo on; ${gate('go')}`);
      await world.port.run(ended, new Notes(), never);
      const notes = new Notes();
      const following = world.port.run(running, notes, never);
      await notes.until(() => notes.lines.length > 0);
      const removed = await world.port.cleanUp('run-1', never);
      expect(removed).toEqual([expect.stringContaining(`lastgood/jobs/run-1/${ended.id.name}`)]);
      expect(existsSync(removed[0]!)).toBe(false);
      openGate('go');
      await following;
      expect(await world.port.cleanUp('run-1', never)).toHaveLength(1);
      expect(existsSync(join(removed[0]!, '..'))).toBe(false);
    });

    test('a host that cannot be reached begins nothing', async () => {
      world.drop();
      const running = world.port.run(jobOf(countsOnce()), new Notes(), never);
      await expect(running).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
      expect(existsSync(file('count'))).toBe(false);
      world.restore();
    });
  });
}
