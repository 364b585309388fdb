import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { inCheckout } from '../../scripts/lib/places.mjs';

/**
 * The circumstances without which a figure means nothing.
 * @param {string} program the Electron program
 */
export function describeMachine(program) {
  return {
    date: new Date().toISOString(),
    commit: commit(),
    processors: `${cpus().length} × ${cpus()[0]?.model.trim() || 'unnamed'}`,
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    system: systemName(),
    electron: versionOf(program, 'electron'),
    node: process.versions.node,
    /** Others at work beforehand make every figure worse; repeat when this is not near 0. */
    loadBefore: loadavg()[0] ?? 0,
    /** Their memory would be shared with ours, and so count for less. */
    otherRuntimes: processesOf(program),
  };
}

/** @param {ReturnType<typeof describeMachine>} machine */
export function machineText(machine) {
  const { processors, memoryGigabytes, system, electron, loadBefore, otherRuntimes } = machine;
  return [
    `${processors}, ${memoryGigabytes} GB, ${system}, Electron ${electron}`,
    `before the start: load ${loadBefore.toFixed(1)}, ${otherRuntimes} other processes of this Electron`,
  ].join('; ');
}

/** @param {string} program */
function processesOf(program) {
  const isOne = (/** @type {string} */ pid) => {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === program;
    } catch {
      return false;
    }
  };
  return process.platform === 'linux' ? readdirSync('/proc').filter(isOne).length : 0;
}

/** @param {string} program @param {string} name */
function versionOf(program, name) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const script = `process.stdout.write(process.versions['${name}'] ?? 'unknown')`;
  return execFileSync(program, ['-e', script], { env, encoding: 'utf8' });
}

function commit() {
  try {
    const args = ['-C', inCheckout(), 'describe', '--always', '--dirty'];
    return execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

function systemName() {
  try {
    return (
      /^PRETTY_NAME="(.+)"$/mu.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ??
      process.platform
    );
  } catch {
    return process.platform;
  }
}
