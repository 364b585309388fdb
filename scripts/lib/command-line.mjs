import { ensureBuilt } from './build.mjs';
import { runChild } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { inCheckout } from './places.mjs';
import { ensureUsableRuntime } from './runtime-ready.mjs';

/** Everything that the window and the command line need. @returns {Promise<string>} the Electron program */
export async function ensureReady() {
  await ensureInstalled();
  const program = await ensureUsableRuntime();
  await ensureBuilt();
  return program;
}

/**
 * Runs Lastgood's command line on the product's own runtime.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('./child.mjs').ChildOptions} [options]
 */
export function runCommandLine(program, args, options = {}) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return runChild(program, [inCheckout('out/main/cli.cjs'), ...args], {
    cwd: process.cwd(),
    ...options,
    env,
  });
}
