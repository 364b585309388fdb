/**
 * The real hosts of the tests. `node test/lab/lab.mjs up|down|status|env`
 *
 * As root on Linux this starts a container engine of its own. Anybody else points it at an engine that may be used
 * for tests: LASTGOOD_TEST_DOCKER=/var/run/docker.sock (images named lab-service are made there, nothing else is touched).
 * The machines of the SSH tests are made from Debian packages, which only root can unpack: they stand where root runs this.
 */
import { pathToFileURL } from 'node:url';
import { answers, enginePid, startEngine, stopEngine } from './docker-engine.mjs';
import { describeHosts } from './hosts/describe-hosts.mjs';
import { makeHostImage } from './hosts/host-image.mjs';
import { ensureKeys } from './hosts/host-keys.mjs';
import { removeHosts, standingHosts, startHosts } from './hosts/hosts.mjs';
import { imageTable, makeImages, readImages, REPOSITORY } from './images.mjs';
import { startSwarm, stopSwarm, swarmPid } from './swarm-engine.mjs';
import { ensureTestUser } from './test-user.mjs';
import { engine, isRoot } from './places.mjs';

export { docker } from './docker-engine.mjs';
export { imageTable, REPOSITORY };

/**
 * @typedef {{
 *   socket: string,
 *   images: Record<string, { reference: string, id: string }>,
 *   hosts: ReturnType<typeof describeHosts> | null,
 *   swarm: import('./swarm-engine.mjs').Swarm | null,
 * }} Lab
 */

/** @returns {string | null} the engine that somebody chose instead of the lab's own */
const chosenSocket = () => process.env['LASTGOOD_TEST_DOCKER'] ?? null;

/**
 * Makes the hosts, or finds those that an earlier call made.
 * @param {(line: string) => void} [say]
 * @returns {Promise<Lab>}
 */
export async function labUp(say = () => {}) {
  const chosen = chosenSocket();
  if (chosen !== null && !(await answers(chosen))) {
    throw new Error(`No container engine answers at ${chosen} (LASTGOOD_TEST_DOCKER).`);
  }
  const account = isRoot ? await ensureTestUser() : null;
  const socket = chosen ?? (await startEngine({ group: account?.name ?? '', say }));
  const images = await makeImages(socket, say);
  const hosts = account === null ? null : await hostsUp(socket, account, say);
  const swarm = account === null ? null : await startSwarm({ group: account.name, say });
  return { socket, images, hosts, swarm };
}

/**
 * @param {string} socket
 * @param {{ uid: number, gid: number }} account as which the window is tested
 * @param {(line: string) => void} say
 */
async function hostsUp(socket, account, say) {
  const secrets = await ensureKeys(account);
  await makeHostImage(socket, secrets, say);
  return describeHosts(await startHosts(socket, account, say));
}

/** Whether an earlier call left the lab's own engine running. */
export const isLabUp = () => enginePid() !== null || swarmPid() !== null;

/** Stops the machines and the lab's own engine. The images stay on disk for the next time. */
export async function labDown() {
  await stopSwarm();
  const socket = chosenSocket() ?? engine.socket;
  if (await answers(socket)) {
    await removeHosts(socket);
  }
  if (enginePid() !== null) {
    await stopEngine();
  }
}

/** What a test needs to know, in the form in which it is handed over. @param {Lab} lab */
export function labEnvironment({ socket, images, hosts, swarm }) {
  const ids = Object.fromEntries(Object.entries(images).map(([tag, { id }]) => [tag, id]));
  return {
    LASTGOOD_TEST_DOCKER: socket,
    LASTGOOD_TEST_IMAGES: JSON.stringify({ repository: REPOSITORY, ids }),
    ...(swarm === null ? {} : { LASTGOOD_TEST_SWARM: JSON.stringify(swarm) }),
    ...(hosts === null ? {} : { LASTGOOD_TEST_HOSTS: JSON.stringify(hosts) }),
  };
}

/** @param {string} socket */
async function status(socket) {
  if (!(await answers(socket))) {
    return { isUp: false };
  }
  return {
    socket,
    images: await readImages(socket),
    hosts: await standingHosts(socket)
      .then(describeHosts)
      .catch(() => null),
  };
}

/** @param {string | undefined} verb */
async function main(verb) {
  /** @param {string} line */
  const say = (line) => void process.stderr.write(`${line}\n`);
  if (verb === 'up') {
    console.log(JSON.stringify(await labUp(say), null, 2));
  } else if (verb === 'env') {
    // For a shell: eval "$(node test/lab/lab.mjs env)"
    for (const [name, value] of Object.entries(labEnvironment(await labUp(say)))) {
      console.log(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
    }
  } else if (verb === 'down') {
    await labDown();
  } else if (verb === 'status') {
    console.log(JSON.stringify(await status(chosenSocket() ?? engine.socket), null, 2));
  } else {
    say('node test/lab/lab.mjs up|down|status|env');
    process.exitCode = 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv[2]);
}
