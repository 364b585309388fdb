import type { Duplex, Readable } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ChannelEnd, SshChannel, SshConnection } from './connection.js';
import { fieldsOf, lineLost, notConnected } from './ssh-errors.js';

type LibraryChannel = Duplex & { readonly stderr: Readable; close(): void };
type Opened = (error: Error | undefined, channel: LibraryChannel) => void;

/** The part of the library's client that is used once somebody is logged in; ssh-adapter.ts holds the library itself. */
export interface LibraryClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  exec(command: string, opened: Opened): unknown;
  forwardOut(
    fromHost: string,
    fromPort: number,
    host: string,
    port: number,
    opened: Opened,
  ): unknown;
  openssh_forwardOutStreamLocal(path: string, opened: Opened): unknown;
  end(): unknown;
  destroy(): unknown;
}

export class ClientConnection implements SshConnection {
  readonly ended: Promise<string>;
  readonly #client: LibraryClient;
  readonly #label: string;
  #reason = 'it closed';
  #isUp = true;

  constructor(client: LibraryClient, label: string) {
    this.#client = client;
    this.#label = label;
    client.on('error', (error) => {
      this.#reason = fieldsOf(error).text;
    });
    this.ended = new Promise((resolve) => {
      client.on('close', () => {
        this.#isUp = false;
        resolve(this.#reason);
      });
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  exec(command: string): Promise<SshChannel> {
    return this.#open(
      (done) => {
        this.#client.exec(command, done);
      },
      'HOST_CHANNELS_EXHAUSTED',
      (channel) => this.#wrap(channel),
    );
  }

  forward(host: string, port: number): Promise<Duplex> {
    return this.#open(
      (done) => {
        this.#client.forwardOut('127.0.0.1', 0, host, port, done);
      },
      'HOST_FORWARD_REFUSED',
      asItIs,
    );
  }

  forwardSocket(path: string): Promise<Duplex> {
    return this.#open(
      (done) => {
        this.#client.openssh_forwardOutStreamLocal(path, done);
      },
      'HOST_FORWARD_REFUSED',
      asItIs,
    );
  }

  end(): void {
    this.#client.end();
    const giveUp = setTimeout(() => this.#client.destroy(), 2_000);
    giveUp.unref();
    this.#client.on('close', () => {
      clearTimeout(giveUp);
    });
  }

  /**
   * `taken` has the channel before the library reads on: what ends at once has told its exit code in the same packet, and whoever listens a
   * moment later has missed it.
   */
  #open<T>(
    open: (done: Opened) => void,
    refused: 'HOST_CHANNELS_EXHAUSTED' | 'HOST_FORWARD_REFUSED',
    taken: (channel: LibraryChannel) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#isUp) {
        reject(notConnected(this.#label));
        return;
      }
      try {
        open((error, channel) => {
          if (error === undefined) {
            resolve(taken(channel));
          } else {
            reject(this.#refused(error, refused));
          }
        });
      } catch {
        // Thrown at once when the connection has just gone: nothing was sent.
        reject(notConnected(this.#label));
      }
    });
  }

  #refused(error: Error, refused: 'HOST_CHANNELS_EXHAUSTED' | 'HOST_FORWARD_REFUSED'): AppError {
    const { reason, text } = fieldsOf(error);
    if (!this.#isUp) {
      return lineLost(this.#label, this.#reason);
    }
    const code = reason === null ? 'HOST_EXEC_REFUSED' : refused;
    return new AppError(code, `${this.#label} refused: ${text}.`, { cause: error });
  }

  #wrap(channel: LibraryChannel): SshChannel {
    let exit: ChannelEnd = { kind: 'exit', exitCode: null, signalName: null };
    channel.on('error', () => undefined);
    channel.stderr.on('error', () => undefined);
    channel.on('exit', (code: number | null, signalName?: string) => {
      const exitCode = typeof code === 'number' ? code : null;
      exit = { kind: 'exit', exitCode, signalName: signalName ?? null };
    });
    const end = new Promise<ChannelEnd>((resolve) => {
      channel.on('close', () => {
        resolve(this.#isUp ? exit : { kind: 'cut' });
      });
    });
    const close = (): void => {
      channel.close();
    };
    return { stdin: channel, stdout: channel, stderr: channel.stderr, end, close };
  }
}

const asItIs = (channel: LibraryChannel): Duplex => channel;
