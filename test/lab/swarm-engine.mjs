/**
 * A second engine that is the manager of a swarm of its own. It lives in a network namespace of its own, so that its
 * ports, bridges and firewall rules can clash neither with the lab's first engine nor with a swarm the machine is in.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { findProgram, run, until } from './command.mjs';
import { answers, docker } from './docker-engine.mjs';
import { makeImages } from './images.mjs';
import { isRoot, swarm } from './places.mjs';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/**
 * @typedef {{ socket: string, address: string }} Swarm `address`: where the published ports of its services answer
 */

/**
 * Starts the engine and its swarm, or finds them.
 * @param {{ group: string, say: (line: string) => void }} options `group` may use the socket.
 * @returns {Promise<Swarm>}
 */
export async function startSwarm({ group, say }) {
  if (!(await answers(swarm.socket))) {
    say('Starting the lab’s swarm…');
    await stopSwarm();
    for (const folder of [swarm.dataRoot, swarm.runtimeFolder]) {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
    }
    await makeNetwork();
    launch(group);
    await until(() => answers(swarm.socket), {
      what: `An answer of dockerd (see ${swarm.log})`,
      timeoutMs: START_TIMEOUT_MS,
    });
  }
  await makeImages(swarm.socket, say);
  await ensureManager();
  return { socket: swarm.socket, address: swarm.address };
}

/** The state of an earlier swarm does not matter: every start begins with an empty one. */
async function ensureManager() {
  const format = '{{.Swarm.ControlAvailable}}';
  if ((await docker(swarm.socket, ['info', '--format', format])) === 'true') {
    return;
  }
  await docker(swarm.socket, ['swarm', 'leave', '--force']).catch(() => '');
  await docker(swarm.socket, ['swarm', 'init', '--advertise-addr', '127.0.0.1']);
}

/** @param {string} group */
function launch(group) {
  const dockerd = findProgram('dockerd');
  if (!isRoot || dockerd === null) {
    throw new Error('The lab’s swarm needs root and dockerd (package docker.io).');
  }
  const log = openSync(swarm.log, 'w');
  const daemon = spawn(
    // Not `ip netns exec`: that would hide the control groups from dockerd.
    'nsenter',
    [
      ...[`--net=/run/netns/${swarm.namespace}`, '--', dockerd],
      ...['--host', `unix://${swarm.socket}`, '--group', group],
      ...['--data-root', swarm.dataRoot, '--exec-root', swarm.execRoot],
      ...['--pidfile', swarm.pidFile, '--bip', swarm.bridgeAddress],
      ...['--containerd-namespace', 'lastgood-swarm'],
      ...['--containerd-plugins-namespace', 'lastgood-swarm-plugins'],
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  daemon.unref();
}

async function makeNetwork() {
  const { namespace, link } = swarm;
  const inside = ['netns', 'exec', namespace, 'ip'];
  await run('ip', ['netns', 'add', namespace]);
  const peer = ['peer', 'name', 'lab0', 'netns', namespace];
  await run('ip', ['link', 'add', link, 'type', 'veth', ...peer]);
  await run('ip', ['addr', 'add', `${swarm.hostAddress}/30`, 'dev', link]);
  await run('ip', ['link', 'set', link, 'up']);
  await run('ip', [...inside, 'addr', 'add', `${swarm.address}/30`, 'dev', 'lab0']);
  await run('ip', [...inside, 'link', 'set', 'lab0', 'up']);
  await run('ip', [...inside, 'link', 'set', 'lo', 'up']);
}

/** Ends the engine by the id it wrote down, and only if that process is a dockerd of ours. */
export async function stopSwarm() {
  const pid = swarmPid();
  if (pid !== null) {
    await docker(swarm.socket, ['swarm', 'leave', '--force']).catch(() => '');
    process.kill(pid, 'SIGTERM');
    await until(() => swarmPid() === null, {
      what: 'The end of the swarm’s dockerd',
      timeoutMs: STOP_TIMEOUT_MS,
    });
  }
  rmSync(swarm.pidFile, { force: true });
  rmSync(swarm.socket, { force: true });
  if (existsSync(`/sys/class/net/${swarm.link}`)) {
    await run('ip', ['link', 'del', swarm.link]);
  }
  if (existsSync(`/run/netns/${swarm.namespace}`)) {
    await run('ip', ['netns', 'del', swarm.namespace]);
  }
}

/** @returns {number | null} */
export function swarmPid() {
  try {
    const pid = Number(readFileSync(swarm.pidFile, 'utf8'));
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(swarm.socket) ? pid : null;
  } catch {
    return null;
  }
}
