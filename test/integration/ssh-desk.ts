import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { createHostLine } from '../../main/connections/ssh/host-line.js';
import type { HostLineOptions } from '../../main/connections/ssh/host-line.js';
import type { HostLine } from '../../main/connections/ssh/line.js';
import type { SshPlace } from '../../main/connections/ssh/settings.js';
import { QuietOperator } from '../fakes/quiet-operator.js';

/** An operator's laptop: a home with an SSH configuration of its own, and somebody who answers questions. */
export class SshDesk {
  readonly home = mkdtempSync(path.join(tmpdir(), 'lastgood-desk-'));
  readonly operator = new QuietOperator();
  readonly knownHosts = path.join(this.home, '.ssh', 'known_hosts');
  readonly configFile = path.join(this.home, '.ssh', 'config');
  readonly #lines: HostLine[] = [];
  agentSocket: string | null = null;

  constructor() {
    mkdirSync(path.join(this.home, '.ssh'), { mode: 0o700 });
    this.configure();
  }

  get place(): SshPlace {
    return { home: this.home, userName: userInfo().username, agentSocket: this.agentSocket };
  }

  file(name: string): string {
    return path.join(this.home, '.ssh', name);
  }

  /** Lines for named hosts come first, as the first value of an option counts. */
  configure(...lines: readonly string[]): void {
    const always = ['Host *', `UserKnownHostsFile ${this.knownHosts}`, 'GlobalKnownHostsFile none'];
    writeFileSync(this.configFile, `${[...lines, ...always].join('\n')}\n`);
  }

  know(...lines: readonly string[]): void {
    writeFileSync(this.knownHosts, lines.map((line) => `${line}\n`).join(''));
  }

  known(): string {
    try {
      return readFileSync(this.knownHosts, 'utf8');
    } catch {
      return '';
    }
  }

  line(address: string, options: Partial<HostLineOptions> = {}): HostLine {
    const line = createHostLine({
      name: 'app-1',
      address,
      client: 'built-in',
      place: this.place,
      program: 'ssh',
      configFile: this.configFile,
      questions: this.operator,
      platform: process.platform,
      ...options,
    });
    this.#lines.push(line);
    return line;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
    rmSync(this.home, { recursive: true, force: true });
  }
}

export type Output = {
  exitCode: number | null;
  signalName: string | null;
  stdout: string;
  stderr: string;
};

/** Runs to the end and collects both outputs. */
export async function execOn(
  line: HostLine,
  command: string,
  { input, signal = AbortSignal.timeout(60_000) }: { input?: string; signal?: AbortSignal } = {},
): Promise<Output> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const end = await line.exec(
    command,
    {
      ...(input === undefined ? {} : { input: Buffer.from(input) }),
      onStdout: (bytes) => stdout.push(bytes),
      onStderr: (bytes) => stderr.push(bytes),
    },
    signal,
  );
  return {
    ...end,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
}
