import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobSupervisor } from '../../../../../main/connections/host/job-supervisor.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastgood-job-'));
  const script = `echo ran >>'${join(folder, 'count')}'\n`;
  const files = { supervisor: jobSupervisor, count: '', live: '', '1.sh': script };
  for (const [name, text] of Object.entries({ ...files, '1.part': '', '1.out': '', '1.err': '' })) {
    writeFileSync(join(folder, name), text);
  }
  execFileSync('mkfifo', ['ends', '1.out.pipe', '1.err.pipe'], { cwd: folder });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function supervise(): Promise<void> {
  await once(spawn('sh', ['./supervisor', '1', '0022'], { cwd: folder, stdio: 'ignore' }), 'exit');
}

const count = (): string => readFileSync(join(folder, 'count'), 'utf8');

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
