/**
 * `npm start`: installs what is missing, builds, and opens the console on the practice range. Where no window can
 * be opened it says why in one line and runs the same drill without one.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureReady, runCommandLine } from './lib/command-line.mjs';
import { runChild } from './lib/child.mjs';
import { isRoot } from './lib/places.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';
import { isSandboxReady } from './runtime.mjs';

await runMain(async () => {
  const program = await ensureReady();
  const hindrance = whatHindersTheWindow();
  if (hindrance !== null) {
    say(hindrance);
    return drillWithoutWindow(program);
  }
  requireSandbox(program);
  const { exitCode } = await runChild(program, ['.']);
  return exitCode;
});

/** @returns {string | null} */
function whatHindersTheWindow() {
  if (process.platform !== 'linux') {
    return null;
  }
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'There is no display here, so the same drill runs without a window.';
  }
  return isRoot
    ? 'The window’s sandbox refuses root and is never switched off, so the same drill runs without a window. Start as an ordinary user to see it.'
    : null;
}

/** @param {string} program */
async function drillWithoutWindow(program) {
  const { exitCode, stdout } = await runCommandLine(program, ['drill', '--yes', '--json'], {
    stdout: 'capture',
  });
  const markdown = reportPath(stdout);
  if (markdown === null) {
    process.stdout.write(stdout);
    return exitCode === 0 ? 1 : exitCode;
  }
  console.log(`Report: ${markdown}`);
  return exitCode;
}

/** @param {string} printed @returns {string | null} */
function reportPath(printed) {
  try {
    const path = JSON.parse(printed).reports.markdown;
    return typeof path === 'string' ? path : null;
  } catch {
    return null;
  }
}

/** Chromium needs either its helper set up by root or user namespaces; without both it ends with a riddle. @param {string} program */
function requireSandbox(program) {
  if (process.platform !== 'linux') {
    return;
  }
  const folder = dirname(program);
  if (isSandboxReady(folder) || areNamespacesOpen()) {
    return;
  }
  const helper = `${folder}/chrome-sandbox`;
  throw new Stop(
    `This system keeps Chromium’s sandbox from starting. Once: sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`,
  );
}

function areNamespacesOpen() {
  return (
    readSwitch('/proc/sys/kernel/unprivileged_userns_clone') !== '0' &&
    readSwitch('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1'
  );
}

/** @param {string} path */
function readSwitch(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
