/**
 * The same starting point for every contestant: one machine of the lab, its deployments as they were at first, reached
 * at `near` over loopback and at `far` over a line that takes 40 ms each way.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clientFile } from '../../test/lab/hosts/host-keys.mjs';
import { openMachine } from '../../test/lab/hosts/hosts.mjs';
import { openLine } from '../../test/lab/hosts/line.mjs';
import { ask } from '../lib/ask.mjs';
import { pause, until } from '../lib/time.mjs';

/** @typedef {'near' | 'far'} Distance */
/** @typedef {'systemd' | 'git'} Procedure */

const execFileAsync = promisify(execFile);

const DELAY_MS = 40;
/** Until the service listens: docs/benchmarks.md says why so long. */
const START_MS = 100;
/** As a unit's file writes it: `%` begins a name of systemd's own. */
const startDropIn = `[Service]
Environment=NODE_OPTIONS=--import=data:text/javascript,await%%20new%%20Promise(r=>setTimeout(r,${START_MS}))
`;
/** The machine's own work on the last round is over by then. */
const SETTLE_MS = 500;
export const TARGET = 'v1.1.0';

/** What each procedure takes back: where it lies, which unit runs it, how it says what it is. */
const deployments = {
  systemd: {
    folder: '/opt/lab-service',
    unit: 'lab-service',
    version: ['readlink', '/opt/lab-service/current'],
    isTarget: (/** @type {string} */ said) => said.endsWith(`/releases/${TARGET}`),
  },
  git: {
    folder: '/opt/lab-git',
    unit: 'lab-git',
    version: ['git', '-c', 'safe.directory=*', '-C', '/opt/lab-git', 'describe', '--tags'],
    isTarget: (/** @type {string} */ said) => said === TARGET,
  },
};

export class Site {
  targetVersion = TARGET.replace('v', '');

  /**
   * @param {import('../../test/lab/hosts/machine.mjs').Machine} machine
   * @param {import('../../test/lab/hosts/line.mjs').Line} line
   * @param {string} folder for everything that is written
   */
  constructor(machine, line, folder) {
    this.machine = machine;
    this.line = line;
    this.folder = folder;
    this.sshConfig = join(folder, 'ssh_config');
    this.runbook = join(folder, 'runbook.yaml');
  }

  /** @param {string} socket of the lab's engine */
  static async open(socket) {
    const machine = await openMachine(socket, 'app');
    const line = await openLine(machine.port, { delayMs: DELAY_MS });
    const site = new Site(machine, line, mkdtempSync(join(tmpdir(), 'lastgood-bench-')));
    await site.#keepFirstState();
    site.#writeFiles();
    return site;
  }

  async close() {
    await this.#endLines();
    await this.line.close();
    await this.machine.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As `measure` sees it. @param {Procedure} procedure @returns {import('../lib/measure.mjs').MeasuredSite} */
  of(procedure) {
    const { folder, unit, version, isTarget } = deployments[procedure];
    return {
      port: this.#port(procedure),
      targetVersion: this.targetVersion,
      reset: () => this.#reset(procedure, folder, unit),
      requireTarget: async () => {
        const said = await this.machine.run(...version);
        if (
          !isTarget(said) ||
          (await this.machine.run('systemctl', 'is-active', unit)) !== 'active'
        ) {
          throw new Error(`At the end ${unit} is at ${said} instead of ${TARGET}.`);
        }
      },
    };
  }

  /** For programs that are given everything from outside. @param {Distance} host @param {Procedure} procedure */
  environment(host, procedure) {
    return {
      ...process.env,
      ...{ SSH_CONFIG: this.sshConfig, TARGET, HOST: host },
      ...{ PORT: String(deployments[procedure] === deployments.git ? 3002 : 3000) },
      SERVICE: String(this.#port(procedure)),
    };
  }

  /** A command over SSH, outside of what is measured. @param {Distance} host @param {string} command */
  async over(host, command) {
    await execFileAsync('ssh', ['-F', this.sshConfig, host, command]);
  }

  /** @param {Procedure} procedure */
  #port(procedure) {
    return this.machine.ports[procedure] ?? 0;
  }

  async #keepFirstState() {
    // Every contestant logs in as the same account; Capistrano writes into the folder without asking for root.
    await this.machine.run('chown', '-R', 'deploy:deploy', deployments.systemd.folder);
    await this.machine.run('mkdir', '/var/lib/bench');
    const slowStart = 'mkdir "$1" && printf %s "$2" >"$1/start.conf"';
    for (const { folder, unit } of Object.values(deployments)) {
      const dropIns = `/etc/systemd/system/${unit}.service.d`;
      await this.machine.run('sh', '-c', slowStart, 'slow-start', dropIns, startDropIn);
      await this.machine.run('cp', '--archive', folder, '/var/lib/bench/');
    }
    await this.machine.run('systemctl', 'daemon-reload');
  }

  /** @param {Procedure} procedure @param {string} folder @param {string} unit */
  async #reset(procedure, folder, unit) {
    await this.#endLines();
    const script = [
      `systemctl stop "$2" && rm -rf "$1" && cp --archive "/var/lib/bench/\${1##*/}" "$1"`,
      // A line of an earlier round must not pass for one of this round.
      'journalctl --quiet --rotate && journalctl --quiet --vacuum-time=1us',
      // systemd counts starts in a row; ours are not the contestants' fault.
      'systemctl reset-failed "$2" && systemctl start "$2"',
    ].join(' && ');
    await this.machine.run('sh', '-c', script, 'reset', folder, unit);
    const answers = () =>
      ask({ host: '127.0.0.1', port: this.#port(procedure), path: '/health' }).then(
        ({ status }) => status === 503,
        () => false,
      );
    await until(answers, { what: 'An answer of the sick version', timeoutMs: 30_000 });
    await pause(SETTLE_MS);
  }

  /** Each contestant opens its own connection. */
  async #endLines() {
    for (const host of ['near', 'far']) {
      await execFileAsync('ssh', ['-F', this.sshConfig, '-O', 'exit', host]).catch(() => {});
    }
  }

  #writeFiles() {
    mkdirSync(join(this.folder, 'lines'));
    const known = join(this.folder, 'known_hosts');
    writeFileSync(known, `${this.machine.knownHosts.join('\n')}\n`);
    writeFileSync(
      this.sshConfig,
      [
        ...['Host near', `  Port ${this.machine.port}`],
        ...['Host far', `  Port ${this.line.port}`],
        ...['Host *', '  HostName 127.0.0.1', '  User deploy'],
        ...[`  HostKeyAlias [127.0.0.1]:${this.machine.port}`, `  UserKnownHostsFile ${known}`],
        ...[`  IdentityFile ${clientFile('id_lab')}`, '  IdentitiesOnly yes'],
        ...['  StrictHostKeyChecking yes', '  ControlMaster auto', '  ControlPersist 60'],
        ...[`  ControlPath ${join(this.folder, 'lines')}/%n`, ''],
      ].join('\n'),
    );
    const template = readFileSync(new URL('./runbook.yaml', import.meta.url), 'utf8');
    writeFileSync(this.runbook, template);
  }
}
