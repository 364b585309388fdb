import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import type { LineState } from '../../../../../main/connections/host/reconnecting.js';
import type { HostJob, JobId } from '../../../../../main/connections/ports.js';
import { hasEnded, never, Notes, until } from '../../../../contract/host-world.js';
import { LocalLine } from '../../../../fakes/local-line.js';

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };
const id: JobId = { runId: 'run-1', name: 'cutover-1' };
const jobOf = (...scripts: readonly string[]): HostJob => ({
  id,
  as: 'login',
  parts: scripts.map((script, index) => ({ name: `part ${index + 1}`, script })),
});

let line: LocalLine;
let states: LineState[];
const portOf = (of: LocalLine) =>
  createHostAdapter(of, {
    name: 'local',
    questions,
    cancelGraceSeconds: 1,
    onState: (state) => states.push(state),
    delay: (_milliseconds, signal) => sleep(10, undefined, { signal }),
  });

beforeEach(() => {
  line = new LocalLine();
  states = [];
});
afterEach(() => {
  line.remove();
});

const folder = (): string => join(line.home, '.cache/lastgood/jobs', id.runId, id.name);

test('starting a job and following it to its end is one round trip', async () => {
  const port = portOf(line);
  await port.info(never);
  line.commands.length = 0;
  await port.run(jobOf('echo a', 'echo b'), new Notes(), never);
  // Over a shell that stood ready: not even a channel is opened for it.
  expect(line.commands).toEqual([]);
});

test('everything about the host is one round trip', async () => {
  await portOf(line).info(never);
  expect(line.commands).toHaveLength(1);
});

test('jobs that are over at once are ended, never taken for not begun', async () => {
  const port = portOf(line);
  await port.info(never);
  const run = (number: number) =>
    port.run(
      { ...jobOf('true'), id: { runId: 'run-1', name: `job-${number}` } },
      new Notes(),
      never,
    );
  for (let number = 0; number < 40; number += 4) {
    const states = await Promise.all([0, 1, 2, 3].map((more) => run(number + more)));
    expect(states.map(({ status }) => status)).toEqual(['ended', 'ended', 'ended', 'ended']);
  }
}, 30_000);

test('a start whose script arrives only in half begins nothing, and is done over', async () => {
  const port = portOf(line);
  await port.info(never);
  line.cutInputAfter(5_000);
  const running = port.run(jobOf(`echo ran >>"${line.home}/count"`), new Notes(), never);
  await until(() => states.at(-1) === 'reconnecting');
  line.restore();
  expect(await running).toMatchObject({ status: 'ended' });
  expect(readFileSync(join(line.home, 'count'), 'utf8')).toBe('ran\n');
});

test('a job that was prepared and never begun is absent, and can begin no more', async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'live'), '');
  const port = portOf(line);
  expect(await port.job(id, never)).toEqual({ status: 'absent' });
  expect(existsSync(folder())).toBe(false);
});

test('a start that was cut off before it began is done over', async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'live'), '');
  const state = await portOf(line).run(jobOf('echo done'), new Notes(), never);
  expect(state).toMatchObject({ status: 'ended', parts: [{ status: 'done' }] });
});

/** A job that began in the given way and left no end. */
function leaveBegun(begun: string): void {
  mkdirSync(folder(), { recursive: true });
  const files = { live: '', begun, '1.name': 'stop\n', '1.part': '', '1.out': '', '1.err': '' };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder(), name), text);
  }
}

const boot = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const startOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';

test('a job whose process is there runs', async () => {
  leaveBegun(`${process.pid} ${startOf(process.pid)} ${boot()}\n`);
  expect(await portOf(line).job(id, never)).toEqual({ status: 'running', parts: [] });
});

test.each([
  ['the host was started anew since', () => `${process.pid} ${startOf(process.pid)} other-boot\n`],
  ['its number belongs to another process by now', () => `${process.pid} 1 ${boot()}\n`],
  ['its process is gone', () => `4194303 1 ${boot()}\n`],
  ['its beginning cannot be read', () => ''],
])('a job without an end is lost where %s, and nothing is killed for it', async (_why, begun) => {
  leaveBegun(begun());
  const port = portOf(line);
  expect(await port.job(id, never)).toEqual({ status: 'lost', parts: [] });
  expect(await port.pickUp(id, new Notes(), never)).toEqual({ status: 'lost', parts: [] });
  expect(await port.cancel(id, never)).toEqual({ status: 'lost', parts: [] });
});

test('a job that was killed from outside is lost, with the parts that had ended', async () => {
  const notes = new Notes();
  const running = portOf(line).run(jobOf('echo one', 'echo $PPID; sleep 600'), notes, never);
  await until(() => notes.lines.length > 1);
  const supervisor = Number(readFileSync(join(folder(), 'begun'), 'utf8').split(' ')[0]);
  process.kill(-supervisor, 'SIGKILL');
  expect(await running).toMatchObject({
    status: 'lost',
    parts: [{ name: 'part 1', status: 'done' }],
  });
});

test('a job that this console saw begin is never begun again, even where it was cleaned away', async () => {
  const port = portOf(line);
  await port.run(jobOf(`echo ran >>"${line.home}/count"`), new Notes(), never);
  await portOf(line).cleanUp(id.runId, never);
  expect(await port.run(jobOf(`echo ran >>"${line.home}/count"`), new Notes(), never)).toEqual({
    status: 'lost',
    parts: [],
  });
  expect(readFileSync(join(line.home, 'count'), 'utf8')).toBe('ran\n');
});

test('a flood of output stalls nothing, and what the host keeps of it has a bound that is said', async () => {
  const notes = new Notes();
  const flood =
    "i=0; while [ $i -lt 60 ]; do head -c 1000000 /dev/zero | tr '\\0' e; echo; i=$((i+1)); done >&2; echo last >&2; echo done";
  const state = await portOf(line).run(jobOf(flood), notes, never);
  expect(state).toMatchObject({ parts: [{ status: 'done', summary: 'done' }] });
  expect(statSync(join(folder(), '1.err')).size).toBe(16 * 1024 * 1024);
  expect(notes.errors.filter((text) => text.includes('more than 16 MiB'))).toHaveLength(1);
  expect(notes.errors.at(-1)).toBe('last');
}, 60_000);

test('a host without a way to detach begins nothing and says why', async () => {
  line.addProgram('setsid', '#!/bin/sh\necho "no new session here" >&2\nexit 1\n');
  const running = portOf(line).run(jobOf('echo ran'), new Notes(), never);
  await expect(running).rejects.toMatchObject({
    code: 'JOB_NOT_STARTED',
    message: expect.stringContaining('no new session here') as string,
  });
  expect(existsSync(folder())).toBe(false);
});

test('a folder that cannot be written begins nothing', async () => {
  writeFileSync(join(line.home, '.cache'), 'a file is in the way');
  line.addProgram('id', '#!/bin/sh\necho nobody/here\n');
  const running = portOf(line).run(jobOf('echo ran'), new Notes(), never);
  await expect(running).rejects.toMatchObject({ code: 'JOB_NOT_STARTED' });
});

test('stopping while the line is down says that the job may still run', async () => {
  const notes = new Notes();
  const stop = new AbortController();
  const port = portOf(line);
  const running = port.run(jobOf('echo $$; sleep 600'), notes, stop.signal);
  await notes.until(() => notes.lines.length > 0);
  line.drop();
  await until(() => states.at(-1) === 'reconnecting');
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
  line.restore();
  expect((await port.cancel(id, never)).status).toBe('ended');
  await hasEnded({}, notes.lines[0]);
});

test('work is ended where the mark that it is cancelled cannot be written', async () => {
  const notes = new Notes();
  const port = portOf(line);
  const running = port.run(jobOf('mkdir "${0%/*}/cancel"; echo $$; sleep 600'), notes, never);
  await notes.until(() => notes.lines.length > 0);
  expect((await port.cancel(id, never)).status).toBe('ended');
  expect((await running).status).toBe('ended');
  await hasEnded({}, notes.lines[0]);
});

test('a frozen host is waited for, and the job goes on meanwhile', async () => {
  const notes = new Notes();
  const running = portOf(line).run(
    jobOf(
      `echo one; while [ ! -e "${line.home}/go" ]; do sleep 0.02; done; echo two; true >"${line.home}/over"`,
    ),
    notes,
    never,
  );
  await notes.until(() => notes.lines.length > 0);
  line.freeze();
  writeFileSync(join(line.home, 'go'), '');
  await until(() => existsSync(join(line.home, 'over')));
  line.drop();
  line.restore();
  expect(await running).toMatchObject({ status: 'ended' });
  expect(notes.lines).toEqual(['one', 'two']);
});

test('the parts run with the file mask of the account, in its home', async () => {
  const notes = new Notes();
  await portOf(line).run(jobOf('umask; pwd'), notes, never);
  const mask = execFileSync('/bin/sh', ['-c', 'umask']).toString().trim();
  expect(notes.lines).toEqual([mask, line.home]);
});

test.each([
  [{ runId: '../up', name: 'x' }],
  [{ runId: 'run', name: 'x y' }],
  [{ runId: 'run', name: '-x' }],
  [{ runId: 'run', name: 'x/../../y' }],
])('refuses a name that could lead elsewhere: %o', async (bad) => {
  const port = portOf(line);
  await expect(port.job(bad, never)).rejects.toMatchObject({ code: 'JOB_UNFIT' });
  await expect(port.run({ ...jobOf('true'), id: bad }, new Notes(), never)).rejects.toMatchObject({
    code: 'JOB_UNFIT',
  });
  expect(line.commands).toEqual([]);
});

test('leaves nothing of its own behind after the clean-up', async () => {
  const port = portOf(line);
  await port.run(jobOf('true'), new Notes(), never);
  await port.cleanUp(id.runId, never);
  expect(readdirSync(join(line.home, '.cache'))).toEqual([]);
});
