/** The real images that the tests roll back and forth, made from this machine's own Node without any registry. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, run } from './command.mjs';
import { docker } from './docker-engine.mjs';

export const REPOSITORY = 'lab-service';

const serviceFolder = fileURLToPath(new URL('./service/', import.meta.url));
const serviceFiles = ['Dockerfile', 'service.mjs', 'health-check.mjs'];

/**
 * Oldest first: they are built in this order, so that the engine's creation dates tell the same story.
 * @type {readonly { tag: string, version: string, mode: string, target: 'plain' | 'checked' }[]}
 */
export const imageTable = [
  { tag: 'v1.0.0', version: '1.0.0', mode: 'healthy', target: 'plain' },
  { tag: 'v1.1.0', version: '1.1.0', mode: 'healthy', target: 'plain' },
  { tag: 'v1.1.0-hc', version: '1.1.0-hc', mode: 'healthy', target: 'checked' },
  { tag: 'never-healthy', version: '1.1.1', mode: 'never-healthy', target: 'plain' },
  { tag: 'ignore-stop', version: '1.1.2', mode: 'ignore-stop', target: 'plain' },
  { tag: 'crash', version: '1.1.3', mode: 'crash', target: 'plain' },
  { tag: 'v1.2.0', version: '1.2.0', mode: 'sick', target: 'plain' },
];

/**
 * Makes what is missing or was made from other content.
 * @param {string} socket
 * @param {(line: string) => void} say
 * @returns {Promise<Record<string, { reference: string, id: string }>>} by tag
 */
export async function makeImages(socket, say) {
  const node = nodeProgram();
  const hash = contentHash(node);
  /** @type {typeof imageTable[number][]} */
  const missing = [];
  for (const image of imageTable) {
    if ((await labelOf(socket, image.tag)) !== hash) {
      missing.push(image);
    }
  }
  if (missing.length > 0) {
    say(`Making ${missing.length} test images (once; kept outside the checkout)…`);
    await buildAll(socket, node, hash, imageTable);
  }
  return readImages(socket);
}

/** @param {string} socket */
export async function readImages(socket) {
  /** @type {Record<string, { reference: string, id: string }>} */
  const images = {};
  for (const { tag } of imageTable) {
    const reference = `${REPOSITORY}:${tag}`;
    images[tag] = {
      reference,
      id: await docker(socket, ['image', 'inspect', '--format', '{{.Id}}', reference]),
    };
  }
  return images;
}

/** @param {string} socket @param {string} tag */
async function labelOf(socket, tag) {
  const format = '{{index .Config.Labels "org.lastgood.lab.content"}}';
  try {
    return await docker(socket, ['image', 'inspect', '--format', format, `${REPOSITORY}:${tag}`]);
  } catch {
    return null;
  }
}

/** A Node program of this machine; inside Electron's runtime its own program would not do. */
export function nodeProgram() {
  const program =
    process.versions['electron'] === undefined ? process.execPath : findProgram('node');
  if (program === null) {
    throw new Error('No Node program was found to put into the test images.');
  }
  return realpathSync(program);
}

/** @param {string} node */
function contentHash(node) {
  const hash = createHash('sha256').update(`${node} ${statSync(node).size}`);
  for (const file of serviceFiles) {
    hash.update(readFileSync(join(serviceFolder, file)));
  }
  return hash.update(JSON.stringify(imageTable)).digest('hex').slice(0, 16);
}

/**
 * @param {string} socket
 * @param {string} node
 * @param {string} hash
 * @param {typeof imageTable} images
 */
async function buildAll(socket, node, hash, images) {
  const context = mkdtempSync(join(tmpdir(), 'lastgood-images-'));
  try {
    await fillContext(context, node);
    for (const { tag, version, mode, target } of images) {
      const args = { VERSION: version, MODE: mode, CONTENT_HASH: hash };
      const buildArgs = Object.entries(args).flatMap(([name, value]) => [
        '--build-arg',
        `${name}=${value}`,
      ]);
      await docker(
        socket,
        [
          'build',
          '--quiet',
          '--target',
          target,
          ...buildArgs,
          '--tag',
          `${REPOSITORY}:${tag}`,
          context,
        ],
        // The classic builder needs no plugin and no network.
        { env: { ...process.env, DOCKER_BUILDKIT: '0' } },
      );
    }
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** @param {string} context @param {string} node */
async function fillContext(context, node) {
  /** @param {string} from @param {string} to */
  const copy = (from, to) => {
    const target = join(context, to);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(from, target);
  };
  copy(node, 'rootfs/usr/bin/node');
  for (const library of await librariesOf(node)) {
    copy(library, join('rootfs', library));
  }
  for (const file of serviceFiles) {
    copy(join(serviceFolder, file), file);
  }
}

/** @param {string} program */
export async function librariesOf(program) {
  const listed = await run('ldd', [program]);
  return [...listed.matchAll(/(\/\S+) \(0x/gu)].map((match) => match[1] ?? '');
}
