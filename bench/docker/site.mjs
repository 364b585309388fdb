/** The same starting point for every contestant: a fresh container of the sick version, and nothing left of before. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSshWay } from './ssh-way.mjs';
import { pause, until } from '../lib/time.mjs';
import { ask } from '../lib/ask.mjs';

const execFileAsync = promisify(execFile);

const SICK = 'v1.2.0';
const TARGET = 'v1.1.0';
const REPOSITORY = 'lab-service';
const NAME = 'bench-service';
const LABEL = 'org.lastgood.bench=1';
/**
 * What the service does before it listens, like any that opens a database first. Ready at once, it would be healthy at
 * the first look of a script that looks each second, and that script's total would tell of luck alone.
 */
const START_MS = 250;
/** @param {Variant} variant */
const nodeOptions = (variant) =>
  `NODE_OPTIONS=--import=data:text/javascript,${variant === 'grace' ? leaveSlowly : ''}await%20new%20Promise(r=>setTimeout(r,${START_MS}))`;
/** A service that takes its time to leave: it goes on answering until then. */
const GRACE_MS = 5_000;
const leaveSlowly = `const%20e=process.exit;process.exit=(c)=>setTimeout(()=>e(c),${GRACE_MS});`;
/** The engine's own work on the last container is over by then. */
const SETTLE_MS = 500;
/** Below the ports that outgoing connections take: a probe must never sit on the port it asks. */
const FIRST_PORT = 23_400;

/** `socket`: the usual one. `ssh`: the engine over SSH. `grace`: a service that takes 5 s to leave. */
/** @typedef {'socket' | 'ssh' | 'grace'} Variant */

export class Site {
  name = NAME;
  targetTag = TARGET;
  targetVersion = TARGET.replace('v', '');

  /**
   * @param {string} socket of the engine
   * @param {string} folder for everything that is written
   * @param {number} port at which the service answers
   * @param {Awaited<ReturnType<typeof openSshWay>> | null} ssh
   */
  constructor(socket, folder, port, ssh) {
    this.ssh = ssh;
    this.socket = ssh?.socket ?? socket;
    this.folder = folder;
    this.port = port;
    this.runbook = join(folder, 'runbook.yaml');
    this.envFile = join(folder, 'service.env');
    this.environment = {
      ...process.env,
      // The client of the engine's own package comes first, should another one be installed as well.
      PATH: `${existsSync('/usr/bin/docker') ? '/usr/bin:' : ''}${process.env['PATH'] ?? ''}`,
      DOCKER_HOST: `unix://${this.socket}`,
      ...(ssh === null ? {} : { LASTGOOD_SSH_CONFIG: ssh.configFile }),
      ...{ NAME, REPOSITORY, TARGET, LABEL, ENV_FILE: this.envFile, PORT: String(port) },
    };
  }

  /** @param {string} socket @param {Variant} [variant] */
  static async open(socket, variant = 'socket') {
    const folder = mkdtempSync(join(tmpdir(), 'lastgood-bench-'));
    const ssh = variant === 'ssh' ? await openSshWay(folder, socket) : null;
    const site = new Site(socket, folder, await freePort(FIRST_PORT), ssh);
    const settings = ['LOG_LEVEL=info', 'MARKETS=50', 'SCAN_SECONDS=60', nodeOptions(variant)];
    writeFileSync(site.envFile, `${settings.join('\n')}\n`);
    const template = readFileSync(new URL('./runbook.yaml', import.meta.url), 'utf8');
    const values = {
      __WAY__: ssh === null ? `socket: ${socket}` : `ssh: app-1, socket: ${socket}`,
      __HOSTS__: ssh === null ? '[]' : `[{ name: app-1, address: '${ssh.address}' }]`,
      __PORT__: String(site.port),
    };
    const text = Object.entries(values).reduce((all, pair) => all.replaceAll(...pair), template);
    writeFileSync(site.runbook, text);
    return site;
  }

  async close() {
    await this.#sweep();
    this.ssh?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async reset() {
    await this.#sweep();
    await this.#docker('run', '--detach', ...this.#settings(NAME, SICK));
    const { port } = this;
    const answers = () =>
      ask({ host: '127.0.0.1', port, path: '/health' }).then(
        ({ status }) => status === 503,
        () => false,
      );
    await until(answers, { what: 'An answer of the sick version', timeoutMs: 30_000 });
    await pause(SETTLE_MS);
  }

  /** @param {string} name */
  async createReplacement(name) {
    await this.#docker('create', ...this.#settings(name, TARGET));
  }

  /** Asked of the engine by its own client: what runs at the end must be the target and nothing else. */
  async requireTarget() {
    const ids = await this.#docker('ps', '--quiet', '--filter', `label=${LABEL}`);
    const running = await this.#docker('inspect', '--format', '{{.Image}}', ...ids.split('\n'));
    const reference = `${REPOSITORY}:${TARGET}`;
    const wanted = await this.#docker('image', 'inspect', '--format', '{{.Id}}', reference);
    if (running !== wanted) {
      throw new Error(`At the end ${running || 'nothing'} runs instead of ${wanted}.`);
    }
  }

  engineVersion() {
    return this.#docker('version', '--format', '{{.Server.Version}}');
  }

  /** @param {string} name @param {string} tag */
  #settings(name, tag) {
    return [
      ...['--name', name, '--env-file', this.envFile, '--restart', 'unless-stopped'],
      ...['--publish', `127.0.0.1:${this.port}:3000`, '--label', LABEL, `${REPOSITORY}:${tag}`],
    ];
  }

  async #sweep() {
    const listed = await this.#docker('ps', '--all', '--quiet', '--filter', `label=${LABEL}`);
    if (listed !== '') {
      await this.#docker('rm', '--force', '--volumes', ...listed.split('\n'));
    }
  }

  /** @param {string[]} args */
  async #docker(...args) {
    return (await execFileAsync('docker', args, { env: this.environment })).stdout.trim();
  }
}

/** @param {number} port @returns {Promise<number>} the first free one from there on */
function freePort(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', () => freePort(port + 1).then(resolve, reject));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(port)));
  });
}
