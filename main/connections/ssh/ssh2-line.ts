import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import type { Questions } from '../questions.js';
import { channelStream, forwardStream } from './channel-stream.js';
import { ChannelGate, enterGate } from './channel-gate.js';
import type { Keepalive, SshChannel, SshConnection } from './connection.js';
import { endAll } from './end-all.js';
import type { KnownHost } from './known-hosts.js';
import type { ExecEnd, ExecOptions, HostLine, LineInfo } from './line.js';
import { orStopped } from './or-stopped.js';
import { addressOf } from './plan.js';
import type { LinePlan } from './plan.js';
import { runChannel } from './run-channel.js';
import { LineSecrets } from './secrets.js';
import { SharedAttempt } from './shared-attempt.js';
import { lineLost, notConnected, stopped } from './ssh-errors.js';

export type Ssh2LineOptions = {
  /** As the operator calls the host. */
  readonly name: string;
  readonly plan: (signal: AbortSignal) => Promise<LinePlan>;
  readonly questions: Questions;
  readonly keepalive?: Keepalive;
  readonly connectTimeoutMs?: number;
};

/** As many as OpenSSH's servers take by default; nobody else is on this connection. One that takes fewer says so. */
const mostChannels = 10;
const usualKeepalive: Keepalive = { intervalMs: 10_000, count: 3 };
const usualConnectTimeoutMs = 20_000;

type Up = {
  /** The one to the host itself. */
  readonly connection: SshConnection;
  readonly connections: readonly SshConnection[];
  readonly gate: ChannelGate;
  readonly info: LineInfo;
  /** Why it broke, once it has. */
  reason: string;
};

/** The built-in client. */
export class Ssh2Line implements HostLine {
  readonly #options: Ssh2LineOptions;
  readonly #secrets = new LineSecrets();
  readonly #accepted: KnownHost[] = [];
  #plan: LinePlan | null = null;
  #attempt: SharedAttempt<LineInfo> | null = null;
  #up: Up | null = null;

  constructor(options: Ssh2LineOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#up !== null;
  }

  async open(signal: AbortSignal): Promise<LineInfo> {
    if (signal.aborted) {
      throw this.#stopped();
    }
    if (this.#up !== null) {
      return this.#up.info;
    }
    if (this.#attempt === null || this.#attempt.isGivenUp) {
      const attempt = new SharedAttempt((both) => this.#connect(both));
      this.#attempt = attempt;
      attempt.whenOver(() => {
        this.#attempt = this.#attempt === attempt ? null : this.#attempt;
      });
    }
    return this.#attempt.wait(signal, () => this.#stopped());
  }

  async exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd> {
    const up = this.#need();
    const channel = await this.#start(up, command, signal, options.onWanted);
    return runChannel(channel, options, signal, {
      stopped: () => this.#stopped(),
      lost: () => lineLost(this.#options.name, up.reason),
    });
  }

  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    return this.#forward((connection) => connection.forward(host, port), signal);
  }

  async connectSocket(path: string, signal: AbortSignal): Promise<Duplex> {
    const { connection } = this.#need();
    const channel = await this.#forward((one) => one.forwardSocket(path), signal);
    return forwardStream(channel, () => connection.isUp);
  }

  async connectCommand(command: string, signal: AbortSignal): Promise<Duplex> {
    return channelStream(await this.#start(this.#need(), command, signal, undefined));
  }

  async #forward(
    open: (connection: SshConnection) => Promise<Duplex>,
    signal: AbortSignal,
  ): Promise<Duplex> {
    const up = this.#need();
    const stream = await orStopped(open(up.connection), signal, {
      stopped: () => this.#stopped(),
      tooLate: (late) => late.destroy(),
    });
    // Whoever uses it listens as well; without this one a late error would bring the console down.
    stream.on('error', () => undefined);
    return stream;
  }

  async close(): Promise<void> {
    this.#attempt?.giveUp();
    this.#secrets.forget();
    const up = this.#up;
    if (up !== null) {
      this.#fall(up, 'it was closed here');
      await up.connection.ended;
    }
  }

  async #connect(signal: AbortSignal): Promise<LineInfo> {
    const { name, plan, questions, keepalive, connectTimeoutMs } = this.#options;
    // The library is loaded by those who need it: a start waits for everything it imports.
    const [planned, { connectHops }] = await Promise.all([
      this.#plan ?? plan(signal),
      import('./connect-hops.js'),
    ]);
    this.#plan = planned;
    const { hops } = planned;
    const { connections, fingerprint } = await connectHops(
      hops,
      {
        questions,
        secrets: this.#secrets,
        accepted: this.#accepted,
        keepalive: keepalive ?? usualKeepalive,
        connectTimeoutMs: connectTimeoutMs ?? usualConnectTimeoutMs,
      },
      signal,
    );
    const connection = connections.at(-1);
    const target = hops.at(-1);
    if (signal.aborted || connection === undefined || target === undefined) {
      endAll(connections);
      throw this.#stopped();
    }
    if (connections.some(({ isUp }) => !isUp)) {
      endAll(connections);
      throw notConnected(name);
    }
    const info = { user: target.settings.user, address: addressOf(target), fingerprint };
    const gate = new ChannelGate(mostChannels);
    const up: Up = { connection, connections, gate, info, reason: '' };
    for (const each of connections) {
      void each.ended.then((reason) => {
        this.#fall(up, reason);
      });
    }
    this.#up = up;
    return info;
  }

  /** With any hop the whole line is gone. */
  #fall(up: Up, reason: string): void {
    if (this.#up === up) {
      this.#up = null;
      up.reason = reason;
      up.gate.clear(notConnected(this.#options.name));
      endAll(up.connections);
    }
  }

  /** A server that takes fewer sessions than usual lets the others wait: a refused one has not begun. */
  async #start(
    up: Up,
    command: string,
    signal: AbortSignal,
    onWanted: ExecOptions['onWanted'],
  ): Promise<SshChannel> {
    let timesAlone = 0;
    for (;;) {
      const place = await enterGate(up.gate, onWanted, signal, this.#options.name);
      const opening = up.connection.exec(command);
      try {
        const channel = await orStopped(opening, signal, {
          stopped: () => this.#stopped(),
          tooLate: (late) => {
            void late.end.then(place.leave);
            late.close();
          },
        });
        // The place is free when the server has closed the channel, not when our caller has lost patience.
        void channel.end.then(place.leave);
        return channel;
      } catch (thrown) {
        const isFull = thrown instanceof AppError && thrown.code === 'HOST_CHANNELS_EXHAUSTED';
        const verdict = isFull ? await place.refuse(timesAlone) : 'in-vain';
        opening.catch(place.leave);
        if (verdict === 'in-vain') {
          throw thrown;
        }
        timesAlone += verdict === 'again-alone' ? 1 : 0;
      }
    }
  }

  #need(): Up {
    if (this.#up === null) {
      throw notConnected(this.#options.name);
    }
    return this.#up;
  }

  #stopped(): AppError {
    return stopped(this.#options.name);
  }
}
