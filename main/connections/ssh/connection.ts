import type { Duplex, Readable, Writable } from 'node:stream';

/** One encrypted connection to one machine, as the library gives it; ssh-adapter.ts makes them. */
export interface SshConnection {
  /** HOST_CHANNELS_EXHAUSTED and HOST_EXEC_REFUSED: not begun. HOST_LINE_LOST: not known. */
  exec(command: string): Promise<SshChannel>;
  /** HOST_FORWARD_REFUSED, HOST_LINE_LOST. */
  forward(host: string, port: number): Promise<Duplex>;
  /** To a unix socket over there; fails in the same ways. */
  forwardSocket(path: string): Promise<Duplex>;
  end(): void;
  readonly isUp: boolean;
  /** Why it ended, once it has. */
  readonly ended: Promise<string>;
}

export type SshChannel = {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ChannelEnd>;
  readonly close: () => void;
};

export type ChannelEnd =
  | { readonly kind: 'exit'; readonly exitCode: number | null; readonly signalName: string | null }
  /** The connection went away under it. */
  | { readonly kind: 'cut' }
  /** It was never begun. */
  | { readonly kind: 'refused'; readonly error: Error };

/** Something that can prove who the operator is: a key of the agent or of a file. */
export type Identity = {
  /** Where it comes from, for messages: a path or the agent's comment. */
  readonly label: string;
  readonly publicKey: Buffer;
  /** May ask for a passphrase. Rejects where the key cannot be used; then the next one is tried. */
  readonly sign: (data: Buffer, hash: string | undefined, signal: AbortSignal) => Promise<Buffer>;
};

export type PrivateKey = {
  readonly publicKey: Buffer;
  readonly sign: (data: Buffer, hash: string | undefined) => Buffer;
};

export type Prompt = { readonly text: string; readonly isShown: boolean };

export type PromptRound = {
  readonly title: string;
  readonly instructions: string;
  readonly prompts: readonly Prompt[];
};

export type LoginMove =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly identity: Identity }
  | { readonly kind: 'password'; readonly password: string }
  | {
      readonly kind: 'keyboard-interactive';
      readonly answer: (round: PromptRound, signal: AbortSignal) => Promise<readonly string[]>;
    };

export interface Login {
  /**
   * What to try next, null when there is nothing left. `left`: the methods the server still takes, null when it has not
   * said so. Rejects to end the login at once.
   */
  next(left: readonly string[] | null, signal: AbortSignal): Promise<LoginMove | null>;
  /** What was tried so far, in words. */
  readonly tried: readonly string[];
}

export type DialOptions = {
  /** As messages name it. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly family: 'any' | 'inet' | 'inet6';
  /** A connection made by the hop before. */
  readonly through?: Duplex;
  /** Key types to ask for first. */
  readonly keyTypes: readonly string[];
  /** Only `'trusted'` lets the connection go on; a rejection is handed to the caller of the dial. */
  readonly verify: (key: Buffer) => Promise<'trusted'>;
  readonly login: Login;
  /** For the network and the server; the time a person takes for an answer does not count. */
  readonly timeoutMs: number;
  readonly keepalive: Keepalive;
};

export type Keepalive = { readonly intervalMs: number; readonly count: number };
