/**
 * Finds an Electron runtime, or gets one; prints its program. In this order: ELECTRON_OVERRIDE_DIST_PATH,
 * node_modules/electron/dist, a fallback that is already there, the official download, the fallback.
 * Remove the fallback's folder to have the official download tried again.
 */
import { chmodSync, chownSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runChild } from './lib/child.mjs';
import {
  cachedFallback,
  isFallbackPossible,
  makeFallback,
  sayFallback,
} from './lib/fallback-runtime.mjs';
import { inCheckout, isRoot } from './lib/places.mjs';
import { runMain, say, Stop, withProgress } from './lib/terminal.mjs';

const REACH_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;

/** @type {Record<string, string>} */
const programs = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** @returns {Promise<string>} the path of the Electron program */
export async function ensureRuntime() {
  const folder = await findFolder();
  const program = join(folder, programs[process.platform] ?? 'electron');
  if (!existsSync(program)) {
    throw new Stop(`There is no Electron program at ${program}.`);
  }
  setUpSandbox(folder);
  return program;
}

async function findFolder() {
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (chosen !== undefined && chosen !== '') {
    return chosen;
  }
  if (isOfficialThere()) {
    return officialFolder;
  }
  const cached = cachedFallback();
  if (cached !== null) {
    sayFallback(cached);
    return cached;
  }
  if (await download()) {
    return officialFolder;
  }
  if (!isFallbackPossible) {
    throw new Stop(
      'Electron could not be downloaded. Set ELECTRON_MIRROR, or ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it.',
    );
  }
  say('The official Electron download cannot be reached from here.');
  const made = await makeFallback();
  sayFallback(made);
  return made;
}

const officialFolder = inCheckout('node_modules/electron/dist');

const pinnedVersion = () =>
  String(
    JSON.parse(readFileSync(inCheckout('node_modules/electron/package.json'), 'utf8')).version,
  );

function isOfficialThere() {
  try {
    return (
      readFileSync(join(officialFolder, 'version'), 'utf8').replace(/^v/u, '') === pinnedVersion()
    );
  } catch {
    return false;
  }
}

/** A line that swallows packets would hold the download for minutes, so it is asked for one first. */
async function download() {
  if (!(await isReachable())) {
    return false;
  }
  const { exitCode } = await withProgress(`Downloading Electron ${pinnedVersion()}`, () =>
    runChild(process.execPath, [inCheckout('node_modules/electron/install.js')], {
      stdout: 'stderr',
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    }),
  );
  return exitCode === 0 && isOfficialThere();
}

async function isReachable() {
  const { ELECTRON_MIRROR, ELECTRON_GET_USE_PROXY } = process.env;
  if (ELECTRON_MIRROR !== undefined || ELECTRON_GET_USE_PROXY !== undefined) {
    return true;
  }
  const version = pinnedVersion();
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
    return (await fetch(url, { method: 'HEAD', signal })).ok;
  } catch {
    return false;
  }
}

/** Chromium's sandbox helper works only when it belongs to root; where we are root, we see to it. @param {string} folder */
function setUpSandbox(folder) {
  const helper = join(folder, 'chrome-sandbox');
  if (!isRoot || !existsSync(helper) || isSandboxReady(folder)) {
    return;
  }
  chownSync(helper, 0, 0);
  chmodSync(helper, 0o4755);
}

/** @param {string} folder */
export function isSandboxReady(folder) {
  const { uid, mode } = statSync(join(folder, 'chrome-sandbox'));
  return uid === 0 && (mode & 0o7777) === 0o4755;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    console.log(await ensureRuntime());
    return 0;
  });
}
