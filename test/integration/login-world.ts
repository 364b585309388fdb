import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { HostLine } from '../../main/connections/ssh/line.js';
import { startOddServer } from './odd-ssh-server.js';
import type { OddOptions, OddSshServer } from './odd-ssh-server.js';
import { makeKey, publicLine, startSshd } from './private-sshd.js';
import type { PrivateSshd, SshdOptions } from './private-sshd.js';
import { SshDesk } from './ssh-desk.js';

/** An operator's laptop, and servers that are known to it. */
export class LoginWorld {
  readonly desk = new SshDesk();
  readonly #hostKey = makeKey(this.desk.file('host-key'));
  readonly #stops: (() => Promise<void>)[] = [];

  async real(options: SshdOptions): Promise<PrivateSshd> {
    const sshd = await startSshd({ hostKeys: [this.#hostKey], ...options });
    this.#stops.push(sshd.stop);
    this.#know(sshd.port);
    return sshd;
  }

  async odd(
    authenticate: OddOptions['authenticate'],
    exec?: OddOptions['exec'],
  ): Promise<OddSshServer> {
    const server = await startOddServer({
      hostKey: this.#hostKey,
      authenticate,
      ...(exec === undefined ? {} : { exec }),
    });
    this.#stops.push(server.stop);
    this.#know(server.port);
    return server;
  }

  /** An agent that holds these keys; the desk knows its socket. */
  async agentWith(...keyFiles: readonly string[]): Promise<void> {
    const socket = this.desk.file('agent');
    const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(agent.stdout!, 'data');
    this.#stops.push(async () => {
      const ended = once(agent, 'exit');
      agent.kill();
      await ended;
    });
    this.desk.agentSocket = socket;
    for (const file of keyFiles) {
      execFileSync('ssh-add', ['-q', file], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: 'ignore',
      });
    }
  }

  /** As an account that only the odd servers know. */
  lineTo({ port }: { readonly port: number }): HostLine {
    return this.desk.line(`deploy@127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    await this.desk.close();
    await Promise.all(this.#stops.map((stop) => stop()));
  }

  #know(port: number): void {
    this.desk.know(`[127.0.0.1]:${port} ${publicLine(this.#hostKey)}`);
  }
}
