/** The built engine as a process of its own: started, listened to, killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * @typedef {{ electron: string, cli: string }} Engine  the runtime, and the built command line
 * @typedef {{ exitCode: number | null, isKilled: boolean, stdout: string, stderr: string, lines: Line[], seconds: number }} Ended
 * @typedef {{ text: string, afterMs: number }} Line  of what it said, and when after its start
 * @typedef {{ atLine: RegExp | null, afterMs: number }} KillAt  null: counted from the start of the process
 */

/**
 * Runs the command line to its end, or until it is killed.
 * @param {Engine} engine
 * @param {string} home
 * @param {readonly string[]} args
 * @param {KillAt | null} killAt
 * @returns {Promise<Ended>}
 */
export async function runEngine({ electron, cli }, home, args, killAt = null) {
  const startedAt = performance.now();
  const child = spawn(electron, [cli, ...args], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', LASTGOOD_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  /** @type {NodeJS.Timeout | null} */
  let timer = null;
  const arm = () => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), killAt?.afterMs ?? 0);
  };
  let stdout = '';
  let stderr = '';
  /** @type {Line[]} */
  const lines = [];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr += `${line}\n`;
    lines.push({ text: line, afterMs: performance.now() - startedAt });
    if (killAt !== null && killAt.atLine?.test(line) === true) {
      arm();
    }
  });
  if (killAt !== null && killAt.atLine === null) {
    arm();
  }
  const [exitCode, signal] = await once(child, 'close');
  if (timer !== null) {
    clearTimeout(timer);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return { exitCode, isKilled: signal === 'SIGKILL', stdout, stderr, lines, seconds };
}

/** @param {Ended} ended What `--json` printed. */
export function printed({ stdout, stderr, exitCode }) {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`No JSON came (exit code ${exitCode}):\n${stdout}${stderr}`, { cause });
  }
}
