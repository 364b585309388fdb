/** How the lab's machines stand on the engine. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { docker } from '../docker-engine.mjs';

/** Below the ports that outgoing connections take: a probe must never sit on the port it asks. */
const FIRST_PORT = 22_410;
const FIRST_SHARED_PORT = 22_500;
const SHARED_PORTS = 800;
const HOST = 'org.lastgood.lab=host';
const PORTS = 'org.lastgood.lab.ports';
const OWNER = 'org.lastgood.lab.owner';

/** @param {Record<string, number>} ports */
export const labels = (ports) => [
  ...['--label', HOST, '--label', `${PORTS}=${JSON.stringify(ports)}`],
  ...['--label', `${OWNER}=${process.pid}`],
];

/**
 * The ports at which a machine is reached, by use.
 * @param {string} socket
 * @param {string} container
 * @returns {Promise<Record<string, number>>}
 */
export async function portsOf(socket, container) {
  const format = `{{index .Config.Labels "${PORTS}"}}`;
  return JSON.parse(await docker(socket, ['inspect', '--format', format, container]));
}

/**
 * `true IMAGE-ID` while it runs.
 * @param {string} socket
 * @param {string} container
 * @returns {Promise<string | null>}
 */
export function stateOf(socket, container) {
  const format = '{{.State.Running}} {{.Image}}';
  return docker(socket, ['inspect', '--format', format, container]).catch(() => null);
}

/** One that is not there is not an error. @param {string} socket @param {string} container */
export async function removeContainer(socket, container) {
  await docker(socket, ['rm', '--force', '--volumes', container]).catch(() => {});
}

/** Removes machines of tests that died before they could. @param {string} socket */
export async function removeOrphans(socket) {
  const format = `{{.Names}} {{.Label "${OWNER}"}}`;
  const filter = ['--filter', `label=${HOST}`, '--format', format];
  const listed = await docker(socket, ['ps', '--all', ...filter]);
  for (const line of listed.split('\n')) {
    const [name = '', owner = ''] = line.split(' ');
    // Only a machine of a test's own carries its owner in its name.
    if (name.includes(`-${owner}-`) && !existsSync(`/proc/${owner}`)) {
      await removeContainer(socket, name);
    }
  }
}

/**
 * @param {readonly string[]} uses
 * @param {{ isShared?: boolean }} [options] whether other processes choose at the same time
 * @returns {Promise<Record<string, number>>}
 */
export async function newPorts(uses, { isShared = false } = {}) {
  /** @type {Record<string, number>} */
  const ports = {};
  let next = isShared ? FIRST_SHARED_PORT + Math.floor(Math.random() * SHARED_PORTS) : FIRST_PORT;
  for (const use of uses) {
    ports[use] = await freePort(next);
    next = ports[use] + 1;
  }
  return ports;
}

/** @param {number} port @returns {Promise<number>} the first free one from there on */
function freePort(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', () => freePort(port + 1).then(resolve, reject));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
  });
}

/** What lets a whole machine boot inside a container, without the rights of a privileged one. */
export function machineArguments() {
  const old = '/sys/fs/cgroup/systemd';
  return [
    ...['--cap-add', 'SYS_ADMIN', '--stop-signal', 'SIGRTMIN+3'],
    ...['--security-opt', 'apparmor=unconfined', '--security-opt', 'seccomp=unconfined'],
    ...['--tmpfs', '/run', '--tmpfs', '/run/lock'],
    ...(existsSync(old) ? ['--volume', `${old}:${old}`] : ['--cgroupns', 'private']),
  ];
}
