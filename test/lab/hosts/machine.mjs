/** One machine of the lab: a container that real clients reach over real SSH at ports of 127.0.0.1. */
import { connect } from 'node:net';
import { until } from '../command.mjs';
import { docker } from '../docker-engine.mjs';
import { labels, machineArguments, portsOf, removeContainer } from './host-containers.mjs';
import { IMAGE } from './host-image.mjs';
import { hostKeyLines, readSecrets } from './host-keys.mjs';

/** @typedef {'app' | 'bastion' | 'code' | 'strict'} Kind */
/** @typedef {{ keyRing?: string, machineId?: string }} Identity of another machine, that answers in this one's place */

/** @type {Record<Kind, { start: string, inside: Record<string, number> }>} */
export const kinds = {
  /** A whole machine: systemd, the three deployments, every account. */
  app: { start: 'systemd', inside: { ssh: 22, systemd: 3000, pm2: 3001, git: 3002 } },
  /** Nothing but an SSH server, through which another machine is reached by the name `app`. */
  bastion: { start: 'plain', inside: { ssh: 22 } },
  /** Asks for a password and a one-time code. */
  code: { start: 'code', inside: { ssh: 22 } },
  /** Takes certificates only, and speaks one cipher only. */
  strict: { start: 'strict', inside: { ssh: 22 } },
};

const START_TIMEOUT_MS = 60_000;

export class Machine {
  address = '127.0.0.1';

  /**
   * @param {string} socket of the engine
   * @param {Kind} kind
   * @param {string} container
   * @param {Record<string, number>} ports by use; `ssh` is one of them
   */
  constructor(socket, kind, container, ports) {
    this.socket = socket;
    this.kind = kind;
    this.container = container;
    this.ports = ports;
  }

  /** @param {string} socket @param {Kind} kind @param {string} container */
  static async find(socket, kind, container) {
    return new Machine(socket, kind, container, await portsOf(socket, container));
  }

  /** Of SSH. */
  get port() {
    return this.ports['ssh'] ?? 0;
  }

  /** What it says in /etc/machine-id unless it was given another identity. */
  get machineId() {
    return readSecrets().machineIds[this.kind] ?? '';
  }

  /** As known_hosts writes what this machine shows at first. */
  get knownHosts() {
    return hostKeyLines(this.kind).map((key) => `[${this.address}]:${this.port} ${key}`);
  }

  /** A fresh machine in place of the one that stands, at the same ports. @param {Identity} [identity] */
  async reset(identity = {}) {
    await this.start(identity);
    await this.isReady();
  }

  /** The same machine with new host keys, as after somebody set it up anew. */
  async changeHostKey() {
    await this.reset({ keyRing: 'changed' });
  }

  /** Runs a command as root, past every SSH. @param {readonly string[]} command */
  run(...command) {
    return docker(this.socket, ['exec', this.container, ...command]);
  }

  /**
   * Stops every process where it stands: lines stay open and silent. A busy kernel may not freeze everything at the first try;
   * the engine says so and leaves the machine as it was.
   */
  async freeze(tries = 5) {
    try {
      await docker(this.socket, ['pause', this.container]);
    } catch (thrown) {
      if (tries === 1 || !String(thrown).includes('unable to freeze')) {
        throw thrown;
      }
      await this.freeze(tries - 1);
    }
  }

  async thaw() {
    await docker(this.socket, ['unpause', this.container]);
  }

  /** Makes a bastion know a machine by the name `app`. @param {Machine} app */
  async leadTo(app) {
    const format = '{{.NetworkSettings.IPAddress}}';
    const address = await docker(this.socket, ['inspect', '--format', format, app.container]);
    const script = `printf '127.0.0.1 localhost\\n%s app\\n' "$1" >/etc/hosts`;
    await this.run('sh', '-c', script, 'hosts', address);
  }

  async remove() {
    await removeContainer(this.socket, this.container);
  }

  /** Begins to start; `isReady` waits for the rest. @param {Identity} [identity] */
  async start({ keyRing = this.kind, machineId = this.machineId } = {}) {
    await this.remove();
    const { start, inside } = kinds[this.kind];
    const publish = Object.entries(inside).flatMap(([use, port]) => [
      '--publish',
      `${this.address}:${this.ports[use]}:${port}`,
    ]);
    await docker(this.socket, [
      ...['run', '--detach', '--name', this.container, '--hostname', this.kind],
      ...[...labels(this.ports), '--dns', '127.0.0.1'],
      ...['--env', `HOST_KEYS=${keyRing}`, '--env', `MACHINE_ID=${machineId}`],
      ...(start === 'systemd' ? machineArguments() : []),
      ...publish,
      ...[IMAGE, '/lab/start', start],
    ]);
  }

  /** Waits until it has booted and everything on it answers. */
  async isReady() {
    const limits = { what: `The start of ${this.container}`, timeoutMs: START_TIMEOUT_MS };
    await until(() => greets(this.port), limits);
    if (this.kind === 'app') {
      await until(() => this.#isRunning(), limits);
      for (const use of ['systemd', 'pm2', 'git']) {
        const what = `An answer of ${use} on ${this.container}`;
        await until(() => answersHttp(this.ports[use] ?? 0), { ...limits, what });
      }
    }
  }

  #isRunning() {
    return this.run('systemctl', 'is-system-running').then(
      (state) => state === 'running',
      () => false,
    );
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
