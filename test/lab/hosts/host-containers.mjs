/** What the engine knows of the lab's machines. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { docker } from '../docker-engine.mjs';

/** Below the ports that outgoing connections take. */
const FIRST_PORT = 22_410;
const PORTS = 'org.lastgood.lab.ports';

/** @param {Record<string, number>} ports */
export const portsLabel = (ports) => `${PORTS}=${JSON.stringify(ports)}`;

/** The ports at which a machine is reached, by use. @param {string} socket @param {string} container @returns {Promise<Record<string, number>>} */
export async function portsOf(socket, container) {
  const format = `{{index .Config.Labels "${PORTS}"}}`;
  return JSON.parse(await docker(socket, ['inspect', '--format', format, container]));
}

/** `true IMAGE-ID` while it runs. @param {string} socket @param {string} container @returns {Promise<string | null>} */
export const stateOf = (socket, container) =>
  docker(socket, ['inspect', '--format', '{{.State.Running}} {{.Image}}', container]).catch(
    () => null,
  );

/** @param {readonly string[]} uses @returns {Promise<Record<string, number>>} */
export async function newPorts(uses) {
  /** @type {Record<string, number>} */
  const ports = {};
  let next = FIRST_PORT;
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
