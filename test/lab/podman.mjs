/** Podman’s compatible service with images, containers and networks of its own, so that nobody else’s notice. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run, until } from './command.mjs';
import { answers, docker } from './docker-engine.mjs';
import { REPOSITORY } from './images.mjs';
import { isRoot } from './places.mjs';

const START_TIMEOUT_MS = 60_000;

/** What this machine may hand on: Podman’s own defaults need the right to raise limits. */
const settings = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_config_dir = "FOLDER/networks"
`;

export class Podman {
  /** @type {import('node:child_process').ChildProcess | null} */
  #service = null;
  #folder = mkdtempSync(join(tmpdir(), 'lastgood-podman-'));

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
    const mounted = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((place) => place.startsWith(`${this.#folder}/`));
    for (const place of mounted.reverse()) {
      await run('umount', ['--lazy', place]);
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #up() {
    const file = join(this.#folder, 'containers.conf');
    writeFileSync(file, settings.replaceAll('FOLDER', this.#folder));
    mkdirSync(join(this.#folder, 'networks'));
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
