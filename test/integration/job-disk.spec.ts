import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobSupervisor } from '../../main/connections/host/job-supervisor.js';
import { changeHead } from '../../main/steps/host/host-step.js';
import { shellQuote } from '../../main/steps/shell-quote.js';
import { SmallDisk } from './small-disk.js';

let disk: SmallDisk;
let elsewhere: string;
beforeEach(() => {
  disk = new SmallDisk('1m,nr_inodes=60');
  elsewhere = mkdtempSync(path.join(os.tmpdir(), 'lastgood-job-'));
});
afterEach(() => {
  disk.dispose();
  rmSync(elsewhere, { recursive: true });
});

/** A job of parts that say little, begun, with its first part waiting for `go`. */
async function beginJob(...bodies: readonly string[]) {
  const folder = path.join(disk.folder, 'job');
  const at = (name: string): string => path.join(elsewhere, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'supervisor'), jobSupervisor);
  writeFileSync(path.join(folder, 'live'), '');
  const gate = `true >${shellQuote(at('begun'))}; while [ ! -e ${shellQuote(at('go'))} ]; do sleep 0.02; done\n`;
  for (const [index, body] of bodies.entries()) {
    const script = changeHead + (index === 0 ? gate : '') + body;
    for (const [end, text] of Object.entries({ sh: script, part: '', out: '', err: '' })) {
      writeFileSync(path.join(folder, `${String(index + 1)}.${end}`), text);
    }
  }
  const words = ['./supervisor', String(bodies.length), '0022'];
  const ended = once(spawn('sh', words, { cwd: folder, stdio: 'ignore' }), 'exit');
  await expect.poll(() => existsSync(at('begun')), { timeout: 20_000 }).toBe(true);
  return {
    folder,
    goOn: () => {
      writeFileSync(at('go'), '');
    },
    ended,
  };
}

/** Until the disk takes no further name. */
function takeEveryName(folder: string): void {
  for (let number = 0; ; number += 1) {
    try {
      writeFileSync(path.join(folder, `name-${String(number)}`), '');
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') {
        return;
      }
      throw thrown;
    }
  }
}

test('on a host whose disk is full a part that says little ends as what it did ended', async () => {
  const { folder, goOn, ended } = await beginJob(
    'say done\n',
    'already "it was so"\n',
    'fail "it is not so"\n',
  );
  disk.fill();
  goOn();
  await ended;
  expect(readFileSync(path.join(folder, '1.out'), 'utf8')).toBe('');
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['1.end.0', '2.end.90', '3.end.1', 'ended']),
  );
});

test('where there is no room for another file, an end is told by a name that is there', async () => {
  const { folder, goOn, ended } = await beginJob('say done\n', 'fail "it is not so"\n');
  takeEveryName(disk.folder);
  goOn();
  await ended;
  const names = readdirSync(folder);
  expect(names).toEqual(expect.arrayContaining(['1.end.0', '2.end.1', 'ended']));
  expect(names).not.toContain('1.part');
});
