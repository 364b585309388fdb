/** The end-to-end tests: the real window, its sandbox on, as an ordinary user, on a display of their own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../test/lab/command.mjs';
import { runChild } from './child.mjs';
import { checkout, inCheckout, isRoot } from './places.mjs';
import { makeStage } from './stage.mjs';
import { readPlaywright } from './tally.mjs';

const SCREEN = '-screen 0 1920x1200x24';
const runner = 'node_modules/@playwright/test/cli.js';
const config = 'test/e2e/playwright.config.ts';

/**
 * @param {string} runtime the Electron program
 * @param {Record<string, string>} labEnvironment
 * @param {readonly string[]} files only these; none: all
 */
export async function runEndToEnd(runtime, labEnvironment, files = []) {
  if (!existsSync(inCheckout(config))) {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const exitCode = isRoot
    ? await runAsTestUser(runtime, labEnvironment, files)
    : await runHere(runtime, labEnvironment, files);
  return readPlaywright(inCheckout('test-results/e2e.json'), exitCode);
}

/** @param {string} runtime @param {Record<string, string>} labEnvironment @param {readonly string[]} files */
async function runHere(runtime, labEnvironment, files) {
  const env = { ...process.env, ...labEnvironment, LASTGOOD_ELECTRON: runtime };
  const [program = '', ...args] = [
    ...display(),
    process.execPath,
    join(checkout, runner),
    'test',
    '-c',
    config,
    ...files,
  ];
  const { exitCode } = await runChild(program, args, { env });
  return exitCode;
}

/**
 * Root's checkout may be closed to others, and what a test writes must not be root's: so the user gets a copy.
 * @param {string} runtime @param {Record<string, string>} labEnvironment @param {readonly string[]} files
 */
async function runAsTestUser(runtime, labEnvironment, files) {
  const stage = await makeStage(runtime);
  try {
    const env = {
      PATH: '/usr/bin:/bin:/usr/local/bin',
      HOME: stage.user.home,
      USER: stage.user.name,
      LANG: 'C.UTF-8',
      CI: process.env['CI'] ?? '',
      ...labEnvironment,
      LASTGOOD_ELECTRON: stage.runtime,
      LASTGOOD_TEST_RESULTS: stage.results,
      // Brought back with the rest: this account cannot write in the checkout.
      LASTGOOD_TEST_FINDINGS: join(stage.results, 'searched'),
    };
    const command = [
      ...xvfb(),
      stage.node,
      join(stage.folder, runner),
      'test',
      '-c',
      config,
      ...files,
    ];
    const { exitCode } = await runChild(
      findProgram('runuser') ?? 'runuser',
      ['-u', stage.user.name, '--', ...command],
      {
        cwd: stage.folder,
        env,
      },
    );
    return exitCode;
  } finally {
    stage.bringBack(inCheckout('test-results'));
    stage.remove();
  }
}

const xvfb = () => ['xvfb-run', '--auto-servernum', `--server-args=${SCREEN}`];

/** A display of its own where that is possible, so that nobody's typing gets into the tests. */
const display = () =>
  process.platform === 'linux' && findProgram('xvfb-run') !== null ? xvfb() : [];
