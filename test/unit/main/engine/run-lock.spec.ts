import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProcessIdentity } from '../../../../main/engine/process-identity.js';
import { standingOf, thisProcess } from '../../../../main/engine/process-identity.js';
import { ownerOf, takeLock } from '../../../../main/engine/run-lock.js';
import { session } from '../../../fakes/chained.js';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-lock-'));
  file = path.join(folder, 'lock');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A lock as another process would have left it. */
async function leftBy(change: Partial<ProcessIdentity>): Promise<void> {
  await takeLock(file, session);
  const claim = JSON.parse(await readFile(file, 'utf8')) as { process: ProcessIdentity };
  await writeFile(file, JSON.stringify({ ...claim, process: { ...claim.process, ...change } }));
}

async function pidOfTheDead(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { env: { ELECTRON_RUN_AS_NODE: '1' } });
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('is held by one and says by whom', async () => {
  const lock = await takeLock(file, session);
  expect(lock.takenFrom).toBeNull();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await expect(takeLock(file, session)).rejects.toMatchObject({
    code: 'RUN_LOCKED',
    message: expect.stringContaining(`process ${String(process.pid)} of`) as string,
  });
  expect(await ownerOf(file)).toMatchObject({ pid: process.pid, hostname: os.hostname() });
});

test('leaves nothing behind when it is let go', async () => {
  const lock = await takeLock(file, session);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  expect(await ownerOf(file)).toBeNull();
  await (await takeLock(file, session)).release();
});

test('is taken over from a process that is gone, and says from whom', async () => {
  const pid = await pidOfTheDead();
  await leftBy({ pid });
  expect(await ownerOf(file)).toBeNull();
  const lock = await takeLock(file, session);
  expect(lock.takenFrom).toMatchObject({ pid, isElsewhere: false });
  expect((await ownerOf(file))?.pid).toBe(process.pid);
  expect(await readdir(folder)).toEqual(['lock']);
});

test('goes to exactly one of many that find the same stale lock', async () => {
  await leftBy({ pid: await pidOfTheDead() });
  const answers = await Promise.allSettled(
    Array.from({ length: 30 }, () => takeLock(file, session)),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('is not taken from a process that cannot be seen from here', async () => {
  await leftBy({ hostname: 'another-host', bootId: '00000000-0000-4000-8000-00000000000b' });
  await expect(takeLock(file, session)).rejects.toMatchObject({
    code: 'RUN_LOCKED',
    message: expect.stringContaining('delete') as string,
  });
  expect(await ownerOf(file)).toMatchObject({ hostname: 'another-host', isElsewhere: true });
});

test('is taken over when what it holds is not a lock', async () => {
  await writeFile(file, '');
  const lock = await takeLock(file, session);
  expect(lock.takenFrom).not.toBeNull();
  expect((await ownerOf(file))?.pid).toBe(process.pid);
});

test('does not remove the lock of somebody else', async () => {
  const lock = await takeLock(file, session);
  await rm(file);
  await takeLock(file, session);
  await lock.release();
  expect(await ownerOf(file)).not.toBeNull();
});

test('is refused with the reason when the folder cannot be written', async () => {
  await writeFile(path.join(folder, 'file'), '');
  await expect(takeLock(path.join(folder, 'file', 'lock'), session)).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
  });
});

const me: ProcessIdentity = {
  ...thisProcess(),
  hostname: 'here',
  bootId: 'this boot',
  pidSpace: 'pid:[1]',
};

test('tells a process that lives from one that is gone', async () => {
  expect(standingOf(me, me)).toBe('alive');
  expect(standingOf({ ...me, pid: await pidOfTheDead() }, me)).toBe('gone');
});

test('is not misled by a process number that was given out again', () => {
  const other = { ...me, startTime: '1' };
  expect(standingOf(other, me)).toBe(thisProcess().startTime === null ? 'alive' : 'gone');
});

test('knows that nothing outlives a restart of the machine', () => {
  expect(standingOf({ ...me, bootId: 'an earlier boot' }, me)).toBe('gone');
});

test('does not judge what runs on another machine or in another container', () => {
  expect(standingOf({ ...me, bootId: 'its boot', hostname: 'there' }, me)).toBe('elsewhere');
  expect(standingOf({ ...me, bootId: null, hostname: 'there' }, me)).toBe('elsewhere');
  expect(standingOf({ ...me, pidSpace: 'pid:[2]' }, me)).toBe('elsewhere');
});

test('goes by the number alone where the system tells no more', async () => {
  const bare = { ...me, bootId: null, pidSpace: null, startTime: null };
  expect(standingOf(bare, bare)).toBe('alive');
  expect(standingOf({ ...bare, pid: await pidOfTheDead() }, bare)).toBe('gone');
});
