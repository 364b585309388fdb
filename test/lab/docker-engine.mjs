/**
 * A container engine of the tests' own: own data, own socket, own bridge, own containerd names. It shares nothing
 * with an engine that the machine may already run, so no test can touch somebody's containers.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { findProgram, run, until } from './command.mjs';
import { engine, isRoot, labHome } from './places.mjs';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** @param {string} socket */
const hostOf = (socket) => `unix://${socket}`;

/**
 * The engine's own client, so that what tests see does not come from the product's adapter.
 * @param {string} socket
 * @param {readonly string[]} args
 * @param {import('node:child_process').ExecFileOptions} [options]
 */
export function docker(socket, args, options = {}) {
  const client = findProgram('docker');
  if (client === null) {
    throw new Error('The docker client is missing: install the package docker.io.');
  }
  return run(client, ['-H', hostOf(socket), ...args], options);
}

/** @param {string} socket */
export async function answers(socket) {
  if (!existsSync(socket)) {
    return false;
  }
  try {
    await docker(socket, ['version', '--format', '{{.Server.Version}}'], { timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts the private engine, or finds it already running.
 * @param {{ group: string, say: (line: string) => void }} options `group` may use the socket.
 * @returns {Promise<string>} the socket's path
 */
export async function startEngine({ group, say }) {
  if (await answers(engine.socket)) {
    return engine.socket;
  }
  const dockerd = findProgram('dockerd');
  if (!isRoot || dockerd === null) {
    throw new Error(
      isRoot
        ? 'dockerd is missing: install the package docker.io.'
        : 'Only root may start the lab’s own engine. To use yours: LASTGOOD_TEST_DOCKER=/var/run/docker.sock',
    );
  }
  say('Starting the lab’s container engine…');
  await stopEngine();
  mkdirSync(engine.dataRoot, { recursive: true });
  // Everybody may pass through to the socket; the socket itself is for the group.
  mkdirSync(engine.runtimeFolder, { recursive: true, mode: 0o755 });
  mkdirSync(labHome, { recursive: true });
  await makeBridge();
  launch(dockerd, group);
  await until(() => answers(engine.socket), {
    what: `An answer of dockerd (see ${engine.log})`,
    timeoutMs: START_TIMEOUT_MS,
  });
  return engine.socket;
}

/** @param {string} dockerd @param {string} group */
function launch(dockerd, group) {
  const log = openSync(engine.log, 'w');
  const daemon = spawn(
    dockerd,
    [
      ...['--host', hostOf(engine.socket), '--group', group],
      ...['--data-root', engine.dataRoot, '--exec-root', engine.execRoot],
      ...['--pidfile', engine.pidFile, '--bridge', engine.bridge],
      ...['--containerd-namespace', 'lastgood-lab'],
      ...['--containerd-plugins-namespace', 'lastgood-lab-plugins'],
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  daemon.unref();
}

async function makeBridge() {
  if (existsSync(`/sys/class/net/${engine.bridge}`)) {
    return;
  }
  await run('ip', ['link', 'add', 'name', engine.bridge, 'type', 'bridge']);
  await run('ip', ['addr', 'add', engine.bridgeAddress, 'dev', engine.bridge]);
  await run('ip', ['link', 'set', engine.bridge, 'up']);
}

/** Ends the engine by the id it wrote down, and only if that process is a dockerd of ours. */
export async function stopEngine() {
  const pid = enginePid();
  if (pid !== null) {
    process.kill(pid, 'SIGTERM');
    await until(() => enginePid() === null, {
      what: 'The end of dockerd',
      timeoutMs: STOP_TIMEOUT_MS,
    });
  }
  rmSync(engine.pidFile, { force: true });
  rmSync(engine.socket, { force: true });
  if (existsSync(`/sys/class/net/${engine.bridge}`)) {
    await run('ip', ['link', 'del', engine.bridge]);
  }
}

/** @returns {number | null} */
export function enginePid() {
  try {
    const pid = Number(readFileSync(engine.pidFile, 'utf8'));
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return commandLine.includes(engine.socket) ? pid : null;
  } catch {
    return null;
  }
}
