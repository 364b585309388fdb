/** What the distribution must provide, by purpose. Installed only on Debian and its kin, and only by root. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runChild } from './child.mjs';
import { isRoot } from './places.mjs';
import { Stop, withProgress } from './terminal.mjs';

/** @typedef {'runtime' | 'display' | 'docker' | 'podman' | 'ssh' | 'hosts' | 'postgres' | 'peers'} Purpose */

/** @type {Record<Purpose, readonly string[]>} */
const packagesFor = {
  runtime: [
    'libgtk-3-0',
    'libnss3',
    'libasound2',
    'libgbm1',
    'libxss1',
    'libxtst6',
    'libatk-bridge2.0-0',
    'libdrm2',
    'libnotify4',
    'libsecret-1-0',
  ],
  display: ['xvfb', 'xauth'],
  docker: ['docker.io', 'iptables', 'iproute2'],
  podman: ['podman', 'containernetworking-plugins'],
  ssh: ['openssh-server', 'openssh-client', 'busybox'],
  // What root unpacks the tests' own machines from.
  hosts: ['debootstrap', 'debian-archive-keyring'],
  postgres: ['postgresql', 'postgresql-client', 'pgbouncer', 'openssl'],
  // What people roll back with today; only the bench runs it.
  peers: ['capistrano', 'ansible-core'],
};

export const isDebian = (() => {
  try {
    return /^(ID|ID_LIKE)=.*\b(debian|ubuntu)\b/mu.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
})();

/**
 * @param {readonly Purpose[]} purposes
 * @returns {readonly string[]} names of packages that are not there yet
 */
export function missingPackages(purposes) {
  return purposes.flatMap((purpose) => packagesFor[purpose]).filter((name) => !isInstalled(name));
}

/** Since the change of time's width some libraries carry `t64` at their end. @param {string} name */
const spellings = (name) => [name, `${name}t64`];

/** @param {string} name */
function isInstalled(name) {
  return spellings(name).some((spelling) =>
    query('dpkg-query', ['--show', '--showformat=${db:Status-Status}', spelling]).startsWith(
      'installed',
    ),
  );
}

/** @param {string} program @param {readonly string[]} args */
function query(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** What a person would type. @param {readonly string[]} names */
export const installCommand = (names) => `sudo apt-get install ${names.join(' ')}`;

/** Installs what is missing. Root on Debian only. @param {readonly string[]} names */
export async function installPackages(names) {
  if (names.length === 0) {
    return;
  }
  if (!isDebian || !isRoot) {
    throw new Stop(`Please install: ${installCommand(names)}`);
  }
  await withProgress(`Installing from the distribution: ${names.join(' ')}`, async () => {
    await apt(['update', '-qq']);
    const known = names.map((name) => spellings(name).find(isAvailable) ?? name);
    await withoutServices(() => apt(['install', '-y', '-qq', '--no-install-recommends', ...known]));
  });
}

/** A name that only other packages provide cannot be installed by it. @param {string} name */
const isAvailable = (name) => /Candidate: (?!\(none\))/u.test(query('apt-cache', ['policy', name]));

/** @param {readonly string[]} args */
async function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { exitCode } = await runChild('apt-get', args, { env, stdout: 'stderr' });
  if (exitCode !== 0) {
    throw new Stop(`apt-get ${args[0]} failed; what it said stands above.`);
  }
}

/** Tests start their own servers on loopback; installing must not start any on this machine. @param {() => Promise<void>} work */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) {
    return work();
  }
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policy, { force: true });
  }
}
