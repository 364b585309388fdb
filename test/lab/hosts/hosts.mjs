/**
 * The lab's machines: containers that real clients reach over real SSH at fixed ports of 127.0.0.1. Each can be put
 * back to its first state at any time, under the same ports.
 */
import { chownSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { until } from '../command.mjs';
import { docker } from '../docker-engine.mjs';
import { isRoot } from '../places.mjs';
import { machineArguments, newPorts, portsLabel, portsOf, stateOf } from './host-containers.mjs';
import { IMAGE } from './host-image.mjs';
import { clientFile, hostKeyLines, readSecrets } from './host-keys.mjs';

/** @typedef {'app' | 'bastion' | 'code' | 'strict'} HostName */
/** @typedef {{ address: string, port: number, ports: Record<string, number>, machineId: string }} Host */
/** @typedef {{ start: string, inside: Record<string, number> }} Description */

/** @type {Record<HostName, Description>} */
const table = {
  /** A whole machine: systemd, the three deployments, every account. */
  app: { start: 'systemd', inside: { ssh: 22, systemd: 3000, pm2: 3001, git: 3002 } },
  /** Knows `app` by that name. */
  bastion: { start: 'plain', inside: { ssh: 22 } },
  /** Asks for a password and a one-time code. */
  code: { start: 'code', inside: { ssh: 22 } },
  /** Takes certificates only, and speaks one cipher only. */
  strict: { start: 'strict', inside: { ssh: 22 } },
};

export const hostNames = /** @type {readonly HostName[]} */ (Object.keys(table));

const START_TIMEOUT_MS = 60_000;

const containerOf = (/** @type {HostName} */ name) => `lastgood-host-${name}`;

/**
 * Starts what does not run yet, or runs from another image.
 * @param {string} socket
 * @param {{ uid: number, gid: number } | null} account that reads what clients need
 * @param {(line: string) => void} say
 * @returns {Promise<Record<HostName, Host>>}
 */
export async function startHosts(socket, account, say) {
  const image = await docker(socket, ['image', 'inspect', '--format', '{{.Id}}', IMAGE]);
  /** @type {HostName[]} */
  const stale = [];
  for (const name of hostNames) {
    if ((await stateOf(socket, containerOf(name))) !== `true ${image}`) {
      stale.push(name);
    }
  }
  if (stale.length > 0) {
    say(`Starting the test hosts: ${stale.join(', ')}…`);
  }
  for (const name of stale) {
    await replace(socket, name, await newPorts(Object.keys(table[name].inside)), {});
  }
  await Promise.all(stale.map((name) => ready(socket, name)));
  const all = await readHosts(socket);
  writeKnownHosts(all, account);
  return all;
}

/** @param {string} socket @returns {Promise<Record<HostName, Host>>} */
export async function readHosts(socket) {
  const entries = hostNames.map(async (name) => [name, await readHost(socket, name)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** @param {string} socket @param {HostName} name @returns {Promise<Host>} */
async function readHost(socket, name) {
  const ports = await portsOf(socket, containerOf(name));
  const { machineIds } = readSecrets();
  return {
    address: '127.0.0.1',
    port: ports['ssh'] ?? 0,
    ports,
    machineId: machineIds[name] ?? '',
  };
}

/**
 * A fresh machine in place of the one that stands, at the same ports. Without options it is what it was at first.
 * @param {string} socket
 * @param {HostName} name
 * @param {{ keyRing?: string, machineId?: string }} [identity] of another machine, that answers under this name
 */
export async function resetHost(socket, name, identity = {}) {
  await replace(socket, name, await portsOf(socket, containerOf(name)), identity);
  await ready(socket, name);
}

/** The same machine with new host keys, as after it was set up anew. @param {string} socket @param {HostName} name */
export const changeHostKey = (socket, name) => resetHost(socket, name, { keyRing: 'changed' });

/** Runs a command as root on the machine, past every SSH. @param {string} socket @param {HostName} name @param {readonly string[]} command */
export const onHost = (socket, name, command) =>
  docker(socket, ['exec', containerOf(name), ...command]);

/** Stops every process of the machine where it stands; the line to it stays open and silent. @param {string} socket @param {HostName} name */
export const freezeHost = (socket, name) => docker(socket, ['pause', containerOf(name)]);

/** @param {string} socket @param {HostName} name */
export const thawHost = (socket, name) => docker(socket, ['unpause', containerOf(name)]);

/**
 * @param {string} socket
 * @param {HostName} name
 * @param {Record<string, number>} ports
 * @param {{ keyRing?: string, machineId?: string }} identity
 */
async function replace(socket, name, ports, identity) {
  await docker(socket, ['rm', '--force', '--volumes', containerOf(name)]).catch(() => {});
  const { start, inside } = table[name];
  const { keyRing = name, machineId = readSecrets().machineIds[name] ?? '' } = identity;
  const publish = Object.entries(inside).flatMap(([use, port]) => [
    '--publish',
    `127.0.0.1:${ports[use]}:${port}`,
  ]);
  await docker(socket, [
    ...['run', '--detach', '--name', containerOf(name), '--hostname', name],
    ...['--label', 'org.lastgood.lab=host', '--label', portsLabel(ports), '--dns', '127.0.0.1'],
    ...['--env', `HOST_KEYS=${keyRing}`, '--env', `MACHINE_ID=${machineId}`],
    ...(start === 'systemd' ? machineArguments() : []),
    ...publish,
    ...[IMAGE, '/lab/start', start],
  ]);
}

/** @param {string} socket @param {HostName} name */
async function ready(socket, name) {
  const ports = await portsOf(socket, containerOf(name));
  const limits = { what: `The start of the test host ${name}`, timeoutMs: START_TIMEOUT_MS };
  await until(() => greets(ports['ssh'] ?? 0), limits);
  if (name === 'app') {
    await until(() => isRunning(socket), limits);
    for (const use of ['systemd', 'pm2', 'git']) {
      await until(() => answersHttp(ports[use] ?? 0), { ...limits, what: `An answer of ${use}` });
    }
  }
  await nameApp(socket);
}

/** @param {string} socket */
const isRunning = (socket) =>
  onHost(socket, 'app', ['systemctl', 'is-system-running']).then(
    (state) => state === 'running',
    () => false,
  );

/** The bastion reaches the application's machine by its name, whatever address it was given this time. @param {string} socket */
async function nameApp(socket) {
  const format = '{{.NetworkSettings.IPAddress}}';
  const address = await docker(socket, ['inspect', '--format', format, containerOf('app')]).catch(
    () => null,
  );
  if (address === null) {
    return;
  }
  const script = `printf '127.0.0.1 localhost\\n%s app\\n' "$1" >/etc/hosts`;
  await onHost(socket, 'bastion', ['sh', '-c', script, 'hosts', address]).catch(() => {});
}

/**
 * What a client that trusts every machine of the lab knows, as seen from here and from the bastion.
 * @param {Record<HostName, Host>} all
 * @param {{ uid: number, gid: number } | null} account
 */
function writeKnownHosts(all, account) {
  const lines = hostNames.flatMap((name) =>
    hostKeyLines(name).flatMap((key) => [
      `[${all[name].address}]:${all[name].port} ${key}`,
      ...(name === 'app' ? [`app ${key}`] : []),
    ]),
  );
  const file = clientFile('known_hosts');
  writeFileSync(file, `${lines.join('\n')}\n`);
  if (isRoot && account !== null) {
    chownSync(file, account.uid, account.gid);
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function greets(port) {
  return new Promise((resolve) => {
    const line = connect(port, '127.0.0.1');
    line.setTimeout(1_000, () => line.destroy());
    line.once('data', (bytes) => {
      resolve(bytes.toString('latin1').startsWith('SSH-2.0-'));
      line.destroy();
    });
    line.on('error', () => {});
    line.on('close', () => resolve(false));
  });
}

/** @param {number} port */
const answersHttp = (port) =>
  fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
