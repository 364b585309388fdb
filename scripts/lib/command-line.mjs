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
 * What the runtime is given before the command's own words. It lives for a minute and holds little: with room for what is young it
 * need not stop to look through it, which takes a tenth of every start.
 */
export const commandLine = ['--min-semi-space-size=16', inCheckout('out/main/cli.cjs')];

/**
 * Runs Lastgood's command line on the product's own runtime.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('./child.mjs').ChildOptions} [options]
 */
export function runCommandLine(program, args, options = {}) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return runChild(program, [...commandLine, ...args], {
    cwd: process.cwd(),
    ...options,
    env,
  });
}
