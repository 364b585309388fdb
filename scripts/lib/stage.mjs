/**
 * A copy of the built checkout that the ordinary test user may read: hard links where the disk allows (the same
 * bytes, in no time), else real copies. Only its results folder belongs to that user.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensureTestUser } from '../../test/lab/test-user.mjs';
import { inCheckout } from './places.mjs';

/** Not /tmp: it is often another disk, which would make copies of the links. */
const PARENT = '/var/tmp';
const CONTENT = [
  'main',
  'shared',
  'preload',
  'renderer',
  'test',
  'out',
  'node_modules',
  'package.json',
  'tsconfig.base.json',
];

/** @param {string} runtime the Electron program */
export async function makeStage(runtime) {
  const user = await ensureTestUser();
  const folder = mkdtempSync(join(PARENT, 'lastgood-e2e-'));
  chmodSync(folder, 0o755);
  for (const name of CONTENT) {
    copy(inCheckout(name), join(folder, name));
  }
  const results = join(folder, 'test-results');
  mkdirSync(results);
  chownSync(results, user.uid, user.gid);
  mkdirSync(join(folder, 'bin'));
  const node = join(folder, 'bin', 'node');
  copy(realpathSync(process.execPath), node);
  return {
    user,
    folder,
    results,
    node,
    runtime: reachable(runtime, user.name, join(folder, 'bin', 'runtime')),
    /** @param {string} target */
    bringBack: (target) => {
      mkdirSync(target, { recursive: true });
      cpSync(results, target, { recursive: true, force: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  if (!existsSync(from)) {
    return;
  }
  try {
    execFileSync('cp', ['-a', '--link', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync('cp', ['-a', from, to]);
  }
}

/** The program itself if the user may run it where it is, else one in a copy of its folder. @param {string} program @param {string} user @param {string} spare */
function reachable(program, user, spare) {
  try {
    execFileSync('runuser', ['-u', user, '--', 'test', '-x', program]);
    return program;
  } catch {
    copy(dirname(program), spare);
    return join(spare, basename(program));
  }
}
