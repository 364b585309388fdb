/** Podman’s compatible service with images, containers and networks of its own, so that nobody else’s notice. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run, until } from './command.mjs';
import { answers, docker } from './docker-engine.mjs';
import { REPOSITORY } from './images.mjs';
import { isRoot } from './places.mjs';
import { removeFolder } from './remove-folder.mjs';

const START_TIMEOUT_MS = 60_000;

/** What this machine may hand on: Podman’s own defaults need the right to raise limits. */
const settings = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "cni"
network_config_dir = "FOLDER/networks"
default_network = "lastgood"
`;

/**
 * A network of its own: Podman's usual one shares its bridge and its addresses with every other Podman of this machine.
 * @param {string} bridge @param {string} dataDir
 */
const network = (bridge, dataDir) => ({
  cniVersion: '0.4.0',
  name: 'lastgood',
  plugins: [
    {
      type: 'bridge',
      bridge,
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir,
        routes: [{ dst: '0.0.0.0/0' }],
        ranges: [[{ subnet: '172.31.244.0/24', gateway: '172.31.244.1' }]],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
    { type: 'firewall' },
    { type: 'tuning' },
  ],
});

export class Podman {
  /** @type {import('node:child_process').ChildProcess | null} */
  #service = null;
  #folder = mkdtempSync(join(tmpdir(), 'lastgood-podman-'));
  /** Names of links have 15 letters at most. */
  #bridge = `lgpod${process.pid}`;

  constructor() {
    this.socket = join(this.#folder, 'podman.sock');
    this.log = join(this.#folder, 'podman.log');
  }

  static async start() {
    if (!isRoot) {
      throw new Error('Only root may start a Podman of the tests’ own.');
    }
    const podman = new Podman();
    await podman.#up();
    return podman;
  }

  /** Docker’s own client. @param {...string} args */
  docker(...args) {
    return docker(this.socket, args);
  }

  /** Takes over images of an engine, as they are. @param {string} from @param {readonly string[]} tags */
  async takeImages(from, tags) {
    const archive = join(this.#folder, 'images.tar');
    const references = tags.map((tag) => `${REPOSITORY}:${tag}`);
    await docker(from, ['save', '--output', archive, ...references]);
    await this.docker('load', '--input', archive);
    rmSync(archive);
  }

  async remove() {
    const listed = await this.docker('ps', '--all', '--quiet').catch(() => '');
    if (listed !== '') {
      await this.docker('rm', '--force', '--volumes', ...listed.split('\n'));
    }
    const service = this.#service;
    if (service !== null) {
      const gone = new Promise((resolve) => service.once('exit', resolve));
      service.kill('SIGTERM');
      await gone;
    }
    await run('ip', ['link', 'del', this.#bridge]).catch(() => undefined);
    await removeFolder(this.#folder);
  }

  async #up() {
    const file = join(this.#folder, 'containers.conf');
    writeFileSync(file, settings.replaceAll('FOLDER', this.#folder));
    mkdirSync(join(this.#folder, 'networks'));
    writeFileSync(
      join(this.#folder, 'networks', 'lastgood.conflist'),
      JSON.stringify(network(this.#bridge, join(this.#folder, 'addresses'))),
    );
    const log = openSync(this.log, 'a');
    const places = ['root', 'runroot', 'tmpdir'].flatMap((place) => [
      `--${place}`,
      join(this.#folder, place),
    ]);
    this.#service = spawn(
      findProgram('podman') ?? 'podman',
      [...places, 'system', 'service', '--time', '0', `unix://${this.socket}`],
      { stdio: ['ignore', log, log], env: { ...process.env, CONTAINERS_CONF: file } },
    );
    await until(() => answers(this.socket), {
      what: `An answer of podman (see ${this.log})`,
      timeoutMs: START_TIMEOUT_MS,
    });
  }
}
