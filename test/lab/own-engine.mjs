/**
 * A second engine for tests that must restart it, fill its disk or reach it over the network: own data, own bridge,
 * own socket, so that nobody else's containers notice.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run, until } from './command.mjs';
import { answers, docker } from './docker-engine.mjs';
import { REPOSITORY } from './images.mjs';
import { isRoot } from './places.mjs';
import { removeFolder } from './remove-folder.mjs';

const START_TIMEOUT_MS = 60_000;
let serial = 0;

/**
 * @typedef {{
 *   isLiveRestored?: boolean,
 *   dataRoot?: string,
 *   tls?: { port: number, ca: string, cert: string, key: string },
 * }} OwnEngineOptions
 */

export class OwnEngine {
  /** @type {import('node:child_process').ChildProcess | null} */
  #daemon = null;
  #folder = mkdtempSync(join(tmpdir(), 'lastgood-engine-'));
  #bridge = '';
  #address = '';
  /** @type {OwnEngineOptions} */
  #options;

  /** @param {OwnEngineOptions} options */
  constructor(options) {
    this.#options = options;
    this.socket = join(this.#folder, 'docker.sock');
    this.log = join(this.#folder, 'dockerd.log');
  }

  /** @param {OwnEngineOptions} [options] */
  static async start(options = {}) {
    if (!isRoot) {
      throw new Error('Only root may start an engine of the tests’ own.');
    }
    const engine = new OwnEngine(options);
    await engine.#makeBridge();
    await engine.up();
    return engine;
  }

  /** The engine's own client. @param {...string} args */
  docker(...args) {
    return docker(this.socket, args);
  }

  /** Takes over images of another engine, as they are. @param {string} from @param {readonly string[]} tags */
  async takeImages(from, tags) {
    const client = findProgram('docker') ?? 'docker';
    const references = tags.map((tag) => `${REPOSITORY}:${tag}`);
    const [save, load] = [
      [...['-H', `unix://${from}`, 'save'], ...references],
      ['-H', `unix://${this.socket}`, 'load'],
    ].map((args) => spawn(client, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    if (save === undefined || load === undefined) {
      throw new Error('no client');
    }
    load.stdout.resume();
    save.stdout.pipe(load.stdin);
    const code = await new Promise((resolve) => load.once('exit', resolve));
    if (code !== 0) {
      throw new Error(`docker load ended with ${code}.`);
    }
  }

  async up() {
    const log = openSync(this.log, 'a');
    const { isLiveRestored = false, dataRoot = join(this.#folder, 'data'), tls } = this.#options;
    const overTls =
      tls === undefined
        ? []
        : [
            ...['--host', `tcp://127.0.0.1:${tls.port}`, '--tlsverify'],
            ...[`--tlscacert=${tls.ca}`, `--tlscert=${tls.cert}`, `--tlskey=${tls.key}`],
          ];
    this.#daemon = spawn(
      findProgram('dockerd') ?? 'dockerd',
      [
        ...['--host', `unix://${this.socket}`, ...overTls],
        ...['--data-root', dataRoot, '--exec-root', join(this.#folder, 'exec')],
        ...['--pidfile', join(this.#folder, 'pid'), '--bridge', this.#bridge],
        // The rules of this machine's packet filter are one for all engines: a daemon that starts makes them anew, and for a moment no
        // other could publish a port. On loopback the engine's own proxy does that as well.
        '--iptables=false',
        ...(isLiveRestored ? ['--live-restore'] : []),
      ],
      { stdio: ['ignore', log, log] },
    );
    await until(() => answers(this.socket), {
      what: `An answer of dockerd (see ${this.log})`,
      timeoutMs: START_TIMEOUT_MS,
    });
  }

  /** Ends the daemon as its service manager does (TERM) or as a crash does (KILL). @param {NodeJS.Signals} [signal] */
  async down(signal = 'SIGTERM') {
    const daemon = this.#daemon;
    if (daemon === null) {
      return;
    }
    this.#daemon = null;
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill(signal);
    await gone;
    rmSync(this.socket, { force: true });
    // Its containerd died with it; where nobody reaps the dead, the next daemon would take that one for alive.
    rmSync(join(this.#folder, 'exec/containerd/containerd.pid'), { force: true });
  }

  /** @param {NodeJS.Signals} [signal] */
  async restart(signal = 'SIGTERM') {
    await this.down(signal);
    await this.up();
  }

  async remove() {
    if (this.#daemon !== null && existsSync(this.socket)) {
      const listed = await this.docker('ps', '--all', '--quiet').catch(() => '');
      if (listed !== '') {
        await this.docker('rm', '--force', '--volumes', ...listed.split('\n'));
      }
    }
    await this.down();
    await run('ip', ['link', 'del', this.#bridge]);
    await removeFolder(this.#folder);
  }

  async #makeBridge() {
    for (;;) {
      serial += 1;
      const number = 16 + ((process.pid + serial) % 200);
      this.#bridge = `lgown${number}`;
      this.#address = `172.30.${number}.1/24`;
      const isMade = await new Promise((resolve) => {
        execFile('ip', ['link', 'add', 'name', this.#bridge, 'type', 'bridge'], (error) =>
          resolve(error === null),
        );
      });
      if (isMade) {
        await run('ip', ['addr', 'add', this.#address, 'dev', this.#bridge]);
        await run('ip', ['link', 'set', this.#bridge, 'up']);
        return;
      }
    }
  }
}
