import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/**
 * Runs a program to its end and gives its trimmed output. Fails with what the program said.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').ExecFileOptions} [options]
 * @returns {Promise<string>}
 */
export async function run(program, args, options = {}) {
  try {
    const { stdout } = await execFileAsync(program, [...args], {
      maxBuffer: 64 * 1024 * 1024,
      ...options,
    });
    return String(stdout).trim();
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Error(`${program} ${args.join(' ')} failed. ${said}`, { cause });
  }
}

/**
 * The distribution's own programs come first: another client of the same name may stand earlier in PATH.
 * @param {string} name
 * @returns {string | null}
 */
export function findProgram(name) {
  const folders = ['/usr/bin', '/usr/sbin', ...(process.env['PATH'] ?? '').split(':')];
  const path = folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
  return path ?? null;
}

/**
 * Asks again until the answer is yes.
 * @param {() => Promise<boolean> | boolean} isSo
 * @param {{ what: string, timeoutMs: number }} limits
 */
export async function until(isSo, { what, timeoutMs }) {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`${what} did not happen within ${timeoutMs / 1000} s.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
