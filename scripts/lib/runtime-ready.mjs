import { execFileSync } from 'node:child_process';
import { ensureRuntime } from '../runtime.mjs';
import { isRoot } from './places.mjs';
import { installCommand, installPackages, isDebian, missingPackages } from './system-packages.mjs';
import { Stop } from './terminal.mjs';

/**
 * A runtime whose shared libraries are there too: installed where that may be done, else named exactly.
 * @returns {Promise<string>} the path of the Electron program
 */
export async function ensureUsableRuntime() {
  const program = await ensureRuntime();
  if (missingLibraries(program).length === 0) {
    return program;
  }
  const packages = isDebian ? missingPackages(['runtime']) : [];
  if (isDebian && isRoot) {
    await installPackages(packages);
  }
  const missing = missingLibraries(program);
  if (missing.length > 0) {
    throw new Stop(
      packages.length > 0
        ? `Electron needs libraries that are not installed. Please run: ${installCommand(packages)}`
        : `Electron needs these libraries; please install the packages that hold them: ${missing.join(' ')}`,
    );
  }
  return program;
}

/** @param {string} program @returns {readonly string[]} */
function missingLibraries(program) {
  if (process.platform !== 'linux') {
    return [];
  }
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/^\s*(\S+) => not found/gmu)].map((match) => match[1] ?? '');
}
