/**
 * The real hosts of the tests. `node test/lab/lab.mjs up|down|status`
 *
 * As root on Linux this starts a container engine of its own. Anybody else points it at an engine that may be used
 * for tests: LASTGOOD_TEST_DOCKER=/var/run/docker.sock (images named lab-service are made there, nothing else is touched).
 */
import { pathToFileURL } from 'node:url';
import { answers, enginePid, startEngine, stopEngine } from './docker-engine.mjs';
import { imageTable, makeImages, readImages, REPOSITORY } from './images.mjs';
import { ensureTestUser } from './test-user.mjs';
import { engine } from './places.mjs';

export { docker } from './docker-engine.mjs';
export { imageTable, REPOSITORY };

/**
 * @typedef {{ socket: string, images: Record<string, { reference: string, id: string }> }} Lab
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
  const socket = chosen ?? (await startEngine({ group: (await ensureTestUser()).name, say }));
  return { socket, images: await makeImages(socket, say) };
}

/** Whether an earlier call left the lab's own engine running. */
export const isLabUp = () => enginePid() !== null;

/** Stops the lab's own engine. Its images stay on disk for the next time. */
export async function labDown() {
  if (enginePid() !== null) {
    await stopEngine();
  }
}

/** What a test needs to know, in the form in which it is handed over. @param {Lab} lab */
export function labEnvironment({ socket, images }) {
  const ids = Object.fromEntries(Object.entries(images).map(([tag, { id }]) => [tag, id]));
  return {
    LASTGOOD_TEST_DOCKER: socket,
    LASTGOOD_TEST_IMAGES: JSON.stringify({ repository: REPOSITORY, ids }),
  };
}

/** @param {string | undefined} verb */
async function main(verb) {
  /** @param {string} line */
  const say = (line) => void process.stderr.write(`${line}\n`);
  if (verb === 'up') {
    console.log(JSON.stringify(await labUp(say), null, 2));
  } else if (verb === 'down') {
    await labDown();
  } else if (verb === 'status') {
    const socket = chosenSocket() ?? engine.socket;
    const isUp = await answers(socket);
    console.log(
      JSON.stringify(isUp ? { socket, images: await readImages(socket) } : { isUp }, null, 2),
    );
  } else {
    say('node test/lab/lab.mjs up|down|status');
    process.exitCode = 2;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv[2]);
}
