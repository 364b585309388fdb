/** The image of the lab's machines: Debian's own packages, this machine's Node, PM2, and three deployments. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, run } from '../command.mjs';
import { docker } from '../docker-engine.mjs';
import { librariesOf, nodeProgram } from '../images.mjs';
import { labHome } from '../places.mjs';
import { makeBase } from './base-image.mjs';
import { imageKeys } from './host-keys.mjs';

export const IMAGE = 'lab-host:current';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const imageFolder = here('./image/');
const serviceFile = here('../service/service.mjs');
/** What the checkout's deployment is built with, from this checkout's own packages. */
const buildPackages = {
  typescript: 'typescript',
  'types-node': '@types/node',
  'undici-types': 'undici-types',
};
const packageFolder = (/** @type {string} */ name) => here(`../../../node_modules/${name}/`);

/**
 * Makes the image when it is missing or was made from other content.
 * @param {string} socket
 * @param {import('./host-keys.mjs').Secrets} secrets
 * @param {(line: string) => void} say
 */
export async function makeHostImage(socket, secrets, say) {
  const base = await makeBase(socket, say);
  const node = nodeProgram();
  const keys = imageKeys(secrets);
  const hash = contentHash([base, node, String(statSync(node).size), JSON.stringify(keys)]);
  if ((await labelOf(socket, IMAGE)) === hash) {
    return;
  }
  say('Making the image of the test hosts (once; kept outside the checkout)…');
  const context = mkdtempSync(join(labHome, 'host-context-'));
  try {
    await fillContext(context, node, keys);
    const args = { BASE: base, CONTENT_HASH: hash };
    const buildArgs = Object.entries(args).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]);
    await docker(
      socket,
      [
        'build',
        '--quiet',
        '--force-rm',
        '--network',
        'none',
        ...buildArgs,
        '--tag',
        IMAGE,
        context,
      ],
      // The classic builder needs no plugin and no network.
      { env: { ...process.env, DOCKER_BUILDKIT: '0' } },
    );
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** @param {string} socket @param {string} reference @returns {Promise<string | null>} */
export async function labelOf(socket, reference) {
  const format = '{{index .Config.Labels "org.lastgood.lab.content"}}';
  try {
    return await docker(socket, ['image', 'inspect', '--format', format, reference]);
  } catch {
    return null;
  }
}

/** @param {readonly string[]} texts */
function contentHash(texts) {
  const hash = createHash('sha256').update(JSON.stringify(texts));
  for (const file of [serviceFile, ...filesBelow(imageFolder)]) {
    hash.update(file.slice(imageFolder.length)).update(readFileSync(file));
  }
  for (const name of Object.values(buildPackages)) {
    hash.update(readFileSync(join(packageFolder(name), 'package.json')));
  }
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @param {string} context @param {string} node @param {Record<string, string>} keys */
async function fillContext(context, node, keys) {
  const image = join(context, 'image');
  cpSync(imageFolder, image, { recursive: true });
  copyFileSync(join(imageFolder, 'Dockerfile'), join(context, 'Dockerfile'));
  copyFileSync(serviceFile, join(image, 'service/service.mjs'));
  for (const [path, text] of Object.entries(keys)) {
    write(join(image, 'keys', path), text);
  }
  const root = join(context, 'rootfs');
  await putNode(root, node);
  await putTools(root);
  await packPackages(join(image, 'packages'));
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}

/**
 * Libraries that Debian's tree brings itself stay Debian's: a foreign C library would break the whole machine.
 * @param {string} root @param {string} node
 */
async function putNode(root, node) {
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  copyFileSync(node, join(root, 'usr/bin/node'));
  const debians = /^(?:lib(?:c|m|dl|rt|pthread|stdc\+\+|gcc_s)\.so|ld-linux)/u;
  for (const library of await librariesOf(node)) {
    if (!debians.test(basename(library))) {
      mkdirSync(join(root, 'usr/lib/lab'), { recursive: true });
      copyFileSync(library, join(root, 'usr/lib/lab', basename(library)));
    }
  }
}

/** npm and PM2 in the versions of image/tools/package-lock.json. @param {string} root */
async function putTools(root) {
  const folder = join(root, 'usr/local/lib/lab-tools');
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(imageFolder, 'tools', file), join(folder, file));
  }
  await npm(['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  const bin = join(root, 'usr/local/bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['npm', 'npx', 'pm2']) {
    symlinkSync(`../lib/lab-tools/node_modules/.bin/${name}`, join(bin, name));
  }
}

/** @param {string} folder */
async function packPackages(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [file, name] of Object.entries(buildPackages)) {
    const source = packageFolder(name);
    if (!existsSync(source)) {
      throw new Error(`The test hosts need ${name}: run npm ci in the checkout first.`);
    }
    // As a package file is laid out, so that npm on the host reads it as one.
    const layout = ['--transform', 's,^\\.,package,', '--create', '--gzip'];
    await run('tar', [
      ...layout,
      '--file',
      join(folder, `${file}.tgz`),
      '--directory',
      source,
      '.',
    ]);
  }
}

/** @param {string[]} args @param {string} cwd */
async function npm(args, cwd) {
  const program = findProgram('npm');
  if (program === null) {
    throw new Error('npm was not found; it fetches what the test hosts need.');
  }
  await run(program, args, { cwd });
}
