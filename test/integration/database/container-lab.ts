import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enginePorts } from '../../../main/connections/docker-adapter.js';
import { socketWay } from '../../../main/connections/docker/socket-way.js';
import { ExecLine } from '../../../main/connections/container/exec-line.js';
import { createHostAdapter } from '../../../main/connections/host/host-adapter.js';
import type { LineState } from '../../../main/connections/host/reconnecting.js';
import { CuttableWay } from '../../contract/cuttable-way.js';
import type { HostWorld } from '../../contract/host-world.js';
import { never } from '../../contract/host-world.js';
import { passwords } from '../../lab/database/cluster.mjs';
import { makePostgresImage } from '../../lab/database/postgres-image.mjs';
import { OwnEngine } from '../../lab/own-engine.mjs';
import { makeCertificates } from '../certificates.js';
import type { Certificates } from '../certificates.js';
import { freePort } from '../private-sshd.js';
import { ready } from './ready.js';

/** No process has it: the system gives smaller numbers only. */
const nobodysPid = 2 ** 23;

/** An engine of the test's own with PostgreSQL as the first process of a container. */
export class ContainerLab {
  readonly engine: OwnEngine;
  readonly image: string;
  /** The same path here and in every container of this lab; the account's HOME is in it. */
  readonly folder: string;
  readonly passwords = passwords;
  readonly #ways: CuttableWay[] = [];
  readonly #lines: ExecLine[] = [];

  /** Where it is reached over encrypted TCP. */
  readonly tls: { readonly port: number; readonly certificates: Certificates };

  static async start(): Promise<ContainerLab> {
    const certificates = makeCertificates('DNS:localhost');
    const port = await freePort();
    const { ca, server } = certificates;
    const engine = await OwnEngine.start({ tls: { port, ca, ...server } });
    try {
      const image = await makePostgresImage(engine.socket);
      return new ContainerLab(engine, image, { port, certificates });
    } catch (thrown) {
      await engine.remove();
      certificates.remove();
      throw thrown;
    }
  }

  constructor(engine: OwnEngine, image: string, tls: ContainerLab['tls']) {
    this.engine = engine;
    this.image = image;
    this.tls = tls;
    this.folder = mkdtempSync(join(tmpdir(), 'lastgood-container-'));
  }

  /** Closes every line that was opened to a container. */
  async letGo(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    for (const way of this.#ways) {
      way.close();
    }
  }

  async stop(): Promise<void> {
    await this.letGo();
    await this.engine.remove();
    this.tls.certificates.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resolves once the server answers; gives the port where it does so on this machine. */
  async run(name: string, ...words: readonly string[]): Promise<number> {
    const home = join(this.folder, `home-${name}`);
    mkdirSync(home, { recursive: true });
    const shared = ['--volume', `${this.folder}:${this.folder}`, '--env', `HOME=${home}`];
    const publish = ['--publish', '127.0.0.1::5432'];
    await this.engine.docker(
      'run',
      '--detach',
      '--name',
      name,
      ...publish,
      ...shared,
      ...words,
      this.image,
    );
    await ready(() => this.logs(name).includes('ready to accept connections'));
    return Number((await this.engine.docker('port', name, '5432')).split(':').pop());
  }

  logs(name: string): string {
    const host = `unix://${this.engine.socket}`;
    return execFileSync('sh', ['-c', 'exec docker -H "$1" logs "$2" 2>&1', 'logs', host, name], {
      encoding: 'utf8',
    });
  }

  /** What the engine itself says, past its client. */
  ask(path: string): string {
    const words = ['-s', '--unix-socket', this.engine.socket, `http://engine${path}`];
    return execFileSync('curl', words, { encoding: 'utf8' });
  }

  /** As the server's own administrator, from inside, past everything that is tested. */
  sql(name: string, statement: string, database = 'tradewizard'): Promise<string> {
    const psql = ['psql', '-h', '/tmp', '-U', 'postgres', '-d', database, '-X', '-q', '-A', '-t'];
    return this.engine.docker('exec', name, ...psql, '-c', statement);
  }

  /** Processes in the container, as this machine sees them; the server's own are left out. */
  foreign(name: string): readonly string[] {
    const init = this.#initOf(name);
    return processesBeside(init)
      .map((pid) => statusOf(pid))
      .filter((status) => !/^Name:\tpostgres$/m.test(status))
      .map(
        (status) =>
          `${/^Name:\t(.*)$/m.exec(status)?.[1] ?? ''} ${/^State:\t(.)/m.exec(status)?.[1] ?? ''}`,
      );
  }

  /** Whether the server was never thrown into recovery since it started. */
  hasNeverCrashed(name: string): boolean {
    return !/terminating any other active server processes|automatic recovery|untracked child/.test(
      this.logs(name),
    );
  }

  /** A console's two sights of the container; each call is a new console. */
  hostWorld(name: string): HostWorld & { readonly states: LineState[]; hangUp(): void } {
    const way = new CuttableWay({ path: this.engine.socket });
    const socket = join(mkdtempSync(join(this.folder, 'way-')), 'engine.sock');
    way.openAt(socket);
    this.#ways.push(way);
    const states: LineState[] = [];
    const options = {
      name: `${name} on docker`,
      questions: { ask: () => Promise.reject(new Error('Nobody is asked here.')) },
      cancelGraceSeconds: 1,
      delay: (_milliseconds: number, signal: AbortSignal) => sleep(20, undefined, { signal }),
    };
    const open = (engine: string): ExecLine => {
      const { calls } = enginePorts(socketWay(engine));
      const line = new ExecLine(calls, { name: options.name, container: name });
      this.#lines.push(line);
      return line;
    };
    const [line, other] = [open(socket), open(this.engine.socket)];
    const otherPort = createHostAdapter(other, options);
    return {
      port: createHostAdapter(line, { ...options, onState: (state) => states.push(state) }),
      states,
      otherPort,
      folder: mkdtempSync(join(this.folder, 'data-')),
      isShut: true,
      pidHere: (pid) => this.#pidHere(name, pid),
      drop: () => {
        way.cut();
      },
      hangUp: () => void line.close(),
      restore: () => {
        way.restore();
      },
      cleanUp: async () => {
        await otherPort.cleanUp('run-1', never);
        await otherPort.cleanUp('drops', never);
        way.close();
        await line.close();
        await other.close();
      },
    };
  }

  #pidHere(name: string, pid: number): number {
    return (
      processesBeside(this.#initOf(name)).find(
        (here) => /^NSpid:.*\t(\d+)$/m.exec(statusOf(here))?.[1] === String(pid),
      ) ?? nobodysPid
    );
  }

  #initOf(name: string): number {
    const host = `unix://${this.engine.socket}`;
    const words = ['-H', host, 'inspect', '--format', '{{.State.Pid}}', name];
    return Number(execFileSync('docker', words, { encoding: 'utf8' }));
  }
}

/** Everything in the same world of processes. */
function processesBeside(init: number): readonly number[] {
  const world = readlinkSync(`/proc/${String(init)}/ns/pid`);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readlinkSync(`/proc/${String(pid)}/ns/pid`) === world;
      } catch {
        return false;
      }
    });
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  } catch {
    return '';
  }
}
