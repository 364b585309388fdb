import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobSupervisor } from '../../../../../main/connections/host/job-supervisor.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastgood-job-'));
  const files = { supervisor: jobSupervisor, count: '', live: '' };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  execFileSync('mkfifo', ['ends'], { cwd: folder });
  lay(`echo ran >>'${join(folder, 'count')}'\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The parts of the job, one script each. */
function lay(...scripts: readonly string[]): void {
  for (const [index, script] of scripts.entries()) {
    const part = String(index + 1);
    const files = { sh: script, part: '', out: '', err: '' };
    for (const [end, text] of Object.entries(files)) {
      writeFileSync(join(folder, `${part}.${end}`), text);
    }
    for (const pipe of [`${part}.out.pipe`, `${part}.err.pipe`]) {
      if (!existsSync(join(folder, pipe))) {
        execFileSync('mkfifo', [pipe], { cwd: folder });
      }
    }
  }
}

/** Parts that say little have no pipes; where none has, there is nothing to tell the ends by. */
function saysLittle(...parts: readonly number[]): void {
  for (const part of parts) {
    rmSync(join(folder, `${String(part)}.out.pipe`));
    rmSync(join(folder, `${String(part)}.err.pipe`));
  }
  if (!readdirSync(folder).some((name) => name.endsWith('.pipe'))) {
    rmSync(join(folder, 'ends'));
  }
}

function begin(parts = 1): ChildProcess {
  const words = ['./supervisor', String(parts), '0022'];
  return spawn('sh', words, { cwd: folder, stdio: 'ignore' });
}

async function supervise(parts = 1): Promise<void> {
  await once(begin(parts), 'exit');
}

const count = (): string => readFileSync(join(folder, 'count'), 'utf8');

/** What the processes that stand in the folder of the job were begun as. */
function processes(): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const place = readlinkSync(`/proc/${pid}/cwd`);
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return place === folder && words !== '' ? [words.split('\0').join(' ').trim()] : [];
    } catch {
      return [];
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(10);
  }
}

/** Where it can say that it is at work, and be told to go on. */
const atWork = (): string =>
  `echo $$ >'${join(folder, 'at-work')}'; while [ ! -e '${join(folder, 'go')}' ]; do sleep 0.02; done\n`;
const isAtWork = (): boolean =>
  existsSync(join(folder, 'at-work')) && readFileSync(join(folder, 'at-work'), 'utf8') !== '';
const collectors = ['tee -a 1.out', 'tee -a 1.err', 'tee -a 2.out', 'tee -a 2.err'];
const areAllUp = (): boolean => {
  const up = processes();
  return collectors.every((one) => up.includes(one));
};

test('of two that would begin a job one does', async () => {
  await Promise.all([supervise(), supervise()]);
  await supervise();
  expect(count()).toBe('ran\n');
  expect(readdirSync(folder)).toContain('1.end.0');
});

test('nothing begins where somebody has found that it never did', async () => {
  symlinkSync('never/begun', join(folder, 'begun'));
  await supervise();
  expect(count()).toBe('');
  expect(readdirSync(folder)).toContain('1.part');
});

test('what takes the output of the later parts is there before the first has ended', async () => {
  lay(atWork(), 'echo second; echo its error >&2\n');
  const ended = once(begin(2), 'exit');
  await until(isAtWork);
  await until(areAllUp);
  writeFileSync(join(folder, 'go'), '');
  await ended;
  expect(readFileSync(join(folder, '2.out'), 'utf8')).toBe('second\n');
  expect(readFileSync(join(folder, '2.err'), 'utf8')).toBe('its error\n');
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['1.end.0', '2.end.0', 'ended']));
});

test('no part holds the pipes of another, or what the ends are told by', async () => {
  const see = `for one in /proc/$$/fd/*; do readlink "$one"; done | sed -n 's,^.*/,,p' | grep -E 'pipe$|^ends$'\n`;
  lay(see, see, see);
  await supervise(3);
  const seen = [1, 2, 3].map((part) => readFileSync(join(folder, `${String(part)}.out`), 'utf8'));
  // The standard output is a pipe of the shell's own there.
  expect(seen).toEqual([
    '1.out.pipe\n1.err.pipe\n',
    '2.out.pipe\n2.err.pipe\n',
    '3.out.pipe\n3.err.pipe\n',
  ]);
});

test('what says little begins no collector and waits for none', async () => {
  lay(atWork(), 'echo second; echo its error >&2\n');
  saysLittle(1, 2);
  const ended = once(begin(2), 'exit');
  await until(isAtWork);
  expect(processes().filter((one) => /^(tee|tail) /u.test(one))).toEqual([]);
  writeFileSync(join(folder, 'go'), '');
  await ended;
  expect(readFileSync(join(folder, '2.out'), 'utf8')).toBe('second\n');
  expect(readFileSync(join(folder, '2.err'), 'utf8')).toBe('its error\n');
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['1.end.0', '2.end.0', 'ended']));
});

test('a part that says little holds nothing but its own files', async () => {
  const see = `for one in /proc/$$/fd/*; do readlink "$one"; done | sed -n 's,^.*/,,p' | grep -E 'pipe$|out$|err$|^ends$'\n`;
  lay(see, see, see);
  saysLittle(2);
  await supervise(3);
  expect(readFileSync(join(folder, '2.out'), 'utf8')).toBe('2.out\n2.err\n');
  expect(readFileSync(join(folder, '3.out'), 'utf8')).toBe('3.out.pipe\n3.err.pipe\n');
});

test('nothing waits for parts that never begin after one has failed', async () => {
  lay('exit 3\n', 'echo never\n');
  await supervise(2);
  await until(() => processes().length === 0);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['1.end.3', '2.part', 'ended']));
});

test('nothing waits for parts that never begin after the supervisor was killed', async () => {
  lay(atWork(), 'echo never\n');
  const supervisor = begin(2);
  await until(isAtWork);
  await until(areAllUp);
  supervisor.kill('SIGKILL');
  process.kill(Number(readFileSync(join(folder, 'at-work'), 'utf8')), 'SIGKILL');
  await until(() => processes().length === 0);
  expect(readdirSync(folder)).toContain('2.part');
  expect(readFileSync(join(folder, '2.out'), 'utf8')).toBe('');
});
