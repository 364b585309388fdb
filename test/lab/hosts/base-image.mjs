/** Debian's own packages as an image, made by debootstrap once for each list of packages. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, run } from '../command.mjs';
import { docker } from '../docker-engine.mjs';
import { hosts, isRoot, labHome } from '../places.mjs';

const REPOSITORY = 'lab-host-base';
const RELEASE = 'bookworm';
const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'libpam-systemd', 'procps', 'iproute2', 'ca-certificates'],
  ...['openssh-server', 'openssh-client', 'sudo', 'libpam-oath', 'curl', 'git', 'libstdc++6'],
  // Shells of accounts, and what a configuration tool expects on its targets.
  ...['fish', 'tcsh', 'python3'],
];

/**
 * @param {string} socket
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the image's reference
 */
export async function makeBase(socket, say) {
  const list = [RELEASE, ...packages].join(' ');
  const reference = `${REPOSITORY}:${createHash('sha256').update(list).digest('hex').slice(0, 16)}`;
  if (await exists(socket, reference)) {
    return reference;
  }
  const debootstrap = findProgram('debootstrap');
  if (!isRoot || debootstrap === null) {
    throw new Error(
      isRoot
        ? 'debootstrap is missing: install the package debootstrap.'
        : 'Only root may make the test hosts’ image.',
    );
  }
  say('Fetching the test hosts’ Debian packages (once, about two minutes)…');
  mkdirSync(hosts.packages, { recursive: true });
  const tree = mkdtempSync(join(labHome, 'host-tree-'));
  try {
    const include = `--include=${packages.join(',')}`;
    const cache = `--cache-dir=${hosts.packages}`;
    await run(debootstrap, ['--variant=minbase', include, cache, RELEASE, tree]);
    const client = findProgram('docker') ?? 'docker';
    // Package files have done their work; the image need not carry them.
    const pack = `tar --create --directory "$1" --exclude './var/cache/apt/*' --exclude './var/lib/apt/lists/*' .`;
    await run('bash', [
      ...['-o', 'pipefail', '-c', `${pack} | "$2" -H "$3" import - "$4"`],
      ...['import', tree, client, `unix://${socket}`, reference],
    ]);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  return reference;
}

/** @param {string} socket @param {string} reference */
async function exists(socket, reference) {
  return docker(socket, ['image', 'inspect', '--format', '{{.Id}}', reference]).then(
    () => true,
    () => false,
  );
}
