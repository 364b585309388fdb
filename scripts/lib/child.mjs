import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkout } from './places.mjs';

/**
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'inherit' | 'stderr' | 'capture', timeoutMs?: number }} ChildOptions
 */

/**
 * Runs a program to its end. Its stderr is ours; its stdout is ours, moved to stderr, or captured.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<{ exitCode: number, stdout: string }>}
 */
export async function runChild(program, args, options = {}) {
  const { cwd = checkout, env = process.env, stdout = 'inherit', timeoutMs } = options;
  const child = spawn(program, [...args], {
    cwd,
    env,
    // A group of its own, so that what ends in time ends whole: a worker that loops would outlive its parent.
    detached: timeoutMs !== undefined && process.platform !== 'win32',
    stdio: ['inherit', stdout === 'capture' ? 'pipe' : stdout === 'stderr' ? 2 : 1, 2],
  });
  // The terminal sends Ctrl+C to the whole group; we wait for the child's own orderly end.
  const stay = () => {};
  process.on('SIGINT', stay);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => endWhole(child), timeoutMs);
  let captured = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    captured += chunk;
  });
  try {
    const [code, signal] = await once(child, 'close');
    return { exitCode: signal === null ? code : 1, stdout: captured };
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', stay);
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function endWhole(child) {
  if (child.pid === undefined || process.platform === 'win32') {
    child.kill('SIGKILL');
    return;
  }
  process.kill(-child.pid, 'SIGKILL');
}

/**
 * The npm client that started us, or the one in PATH.
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 */
export function runNpm(args, options = {}) {
  const client = process.env['npm_execpath'];
  if (client?.endsWith('.js') === true) {
    return runChild(process.execPath, [client, ...args], options);
  }
  return runChild(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}
