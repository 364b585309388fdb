import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runChild } from './child.mjs';
import { inCheckout } from './places.mjs';
import { Stop, withProgress } from './terminal.mjs';

const SOURCES = ['main', 'preload', 'renderer', 'shared'];
const FILES = ['package.json', 'package-lock.json', 'electron.vite.config.ts'];
const stamp = inCheckout('out/.built-from');

/** Builds `out/` unless it was built from these very sources. */
export async function ensureBuilt() {
  const hash = sourceHash();
  if (readStamp() === hash) {
    return;
  }
  // Without its stamp a build that is cut off half-way is never taken for a whole one.
  rmSync(stamp, { force: true });
  const { exitCode } = await withProgress('Building the console', () =>
    runChild(
      process.execPath,
      [
        inCheckout('node_modules/electron-vite/bin/electron-vite.js'),
        'build',
        '--logLevel',
        'warn',
      ],
      { stdout: 'stderr' },
    ),
  );
  if (exitCode !== 0) {
    throw new Stop('The build failed; what it said stands above.');
  }
  mkdirSync(inCheckout('out'), { recursive: true });
  writeFileSync(stamp, hash);
}

function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return null;
  }
}

function sourceHash() {
  const hash = createHash('sha256');
  const listed = SOURCES.flatMap((folder) =>
    readdirSync(inCheckout(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  );
  for (const path of [...listed.toSorted(), ...FILES.map((file) => inCheckout(file))]) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
