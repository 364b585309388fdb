/**
 * The machines that stand as long as the lab does, and machines of a test's own. The standing ones are for looking;
 * whoever changes something opens a machine of its own, so that no test stands in another's way.
 */
import { randomBytes } from 'node:crypto';
import { chownSync, writeFileSync } from 'node:fs';
import { docker } from '../docker-engine.mjs';
import { isRoot } from '../places.mjs';
import { newPorts, removeContainer, removeOrphans, stateOf } from './host-containers.mjs';
import { IMAGE } from './host-image.mjs';
import { clientFile, hostKeyLines } from './host-keys.mjs';
import { kinds, Machine } from './machine.mjs';

/** @typedef {import('./machine.mjs').Kind} Kind */

const allKinds = /** @type {readonly Kind[]} */ (Object.keys(kinds));
const PREFIX = 'lastgood-host-';
const containerOf = (/** @type {Kind} */ kind) => `${PREFIX}${kind}`;
const OPEN_ATTEMPTS = 5;

/**
 * Starts what does not run yet, or runs from another image.
 * @param {string} socket
 * @param {{ uid: number, gid: number } | null} account that reads what clients need
 * @param {(line: string) => void} say
 * @returns {Promise<Record<Kind, Machine>>}
 */
export async function startHosts(socket, account, say) {
  await removeOrphans(socket);
  const image = await docker(socket, ['image', 'inspect', '--format', '{{.Id}}', IMAGE]);
  /** @type {Machine[]} */
  const fresh = [];
  for (const kind of allKinds) {
    if ((await stateOf(socket, containerOf(kind))) !== `true ${image}`) {
      // First, so that its ports are free for the one that follows it.
      await removeContainer(socket, containerOf(kind));
      const ports = await newPorts(Object.keys(kinds[kind].inside));
      const machine = new Machine(socket, kind, containerOf(kind), ports);
      say(`Starting the test host ${kind}…`);
      await machine.start();
      fresh.push(machine);
    }
  }
  await Promise.all(fresh.map((machine) => machine.isReady()));
  const all = await standingHosts(socket);
  await all.bastion.leadTo(all.app);
  writeKnownHosts(all, account);
  return all;
}

/** @param {string} socket @returns {Promise<Record<Kind, Machine>>} */
export async function standingHosts(socket) {
  const [app, bastion, code, strict] = await Promise.all([
    Machine.find(socket, 'app', containerOf('app')),
    Machine.find(socket, 'bastion', containerOf('bastion')),
    Machine.find(socket, 'code', containerOf('code')),
    Machine.find(socket, 'strict', containerOf('strict')),
  ]);
  return { app, bastion, code, strict };
}

/**
 * A machine of the caller's own, ready in about two seconds. Whoever opens it removes it; should its process die
 * first, the lab's next start does.
 * @param {string} socket
 * @param {Kind} kind
 * @param {import('./machine.mjs').Identity} [identity] needed by whoever may not read the lab's secrets
 * @returns {Promise<Machine>}
 */
export async function openMachine(socket, kind, identity = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const container = `${containerOf(kind)}-${process.pid}-${randomBytes(3).toString('hex')}`;
    const ports = await newPorts(Object.keys(kinds[kind].inside), { isShared: true });
    const machine = new Machine(socket, kind, container, ports);
    try {
      await machine.start(identity);
      await machine.isReady();
      return machine;
    } catch (error) {
      await machine.remove();
      // Another process may have taken a port between the look and the start.
      if (attempt === OPEN_ATTEMPTS || !String(error).includes('allocated')) {
        throw error;
      }
    }
  }
}

/** Takes down the standing machines and whatever tests left. @param {string} socket */
export async function removeHosts(socket) {
  await removeOrphans(socket);
  for (const machine of Object.values(await standingHosts(socket).catch(() => ({})))) {
    await machine.remove();
  }
}

/**
 * What a client that trusts every standing machine knows, as seen from here and from the bastion.
 * @param {Record<Kind, Machine>} all
 * @param {{ uid: number, gid: number } | null} account
 */
function writeKnownHosts(all, account) {
  const lines = [
    ...Object.values(all).flatMap(({ knownHosts }) => knownHosts),
    ...hostKeyLines('app').map((key) => `app ${key}`),
  ];
  const file = clientFile('known_hosts');
  writeFileSync(file, `${lines.join('\n')}\n`);
  if (isRoot && account !== null) {
    chownSync(file, account.uid, account.gid);
  }
}
