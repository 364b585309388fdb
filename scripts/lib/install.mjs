import { readFileSync } from 'node:fs';
import { runNpm } from './child.mjs';
import { inCheckout } from './places.mjs';
import { Stop, withProgress } from './terminal.mjs';

const OLDEST_NODE = [20, 19];

/** Brings node_modules to what the lock file names; does nothing when it is already there. */
export async function ensureInstalled() {
  requireNode();
  if (isInstalled()) {
    return;
  }
  const { exitCode } = await withProgress('Installing packages', () =>
    runNpm(['ci', '--no-audit', '--no-fund'], { stdout: 'stderr' }),
  );
  if (exitCode !== 0) {
    throw new Stop('npm ci failed; what it said stands above.');
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Stop(
      `Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`,
    );
  }
}

/** Compares versions, not dates: a checkout changes the dates of files that stay the same. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  if (wanted === null || present === null) {
    return false;
  }
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = present[path]?.version;
    return path === '' || found === version || (optional === true && found === undefined);
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | null}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(inCheckout(file), 'utf8')).packages;
  } catch {
    return null;
  }
}
