import type { Duplex } from 'node:stream';

/**
 * One verified way to a machine: runs command lines, opens connections. It may drop; then everything under way rejects
 * with HOST_LINE_LOST. A new `open` connects again, with the same verification.
 */
export interface HostLine {
  /** Connects and verifies where that has not happened yet. Rejects with HOST_UNREACHABLE, HOST_KEY_…, HOST_LOGIN_REFUSED. */
  open(signal: AbortSignal): Promise<LineInfo>;
  /**
   * Needs an open line: HOST_UNREACHABLE otherwise, and nothing was begun. Runs one command line through the account's shell with `input` on stdin (then closed). Both outputs are drained
   * always; bytes as they come. Never throws at once, always rejects. STEP_STOPPED when the signal fires: that ends the
   * waiting on our side, not for certain what the other side runs.
   */
  exec(command: string, options: ExecOptions, signal: AbortSignal): Promise<ExecEnd>;
  /** Needs an open line, too. A TCP connection made by the machine. HOST_FORWARD_REFUSED when it may not or nobody answers there. */
  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
  /** The same to a unix socket of the machine. */
  connectSocket(path: string, signal: AbortSignal): Promise<Duplex>;
  /**
   * One command line whose stdin and stdout are the connection. A command that ends otherwise than with 0 destroys it
   * with what it said on stderr. Ending the connection closes its stdin.
   */
  connectCommand(command: string, signal: AbortSignal): Promise<Duplex>;
  /** Whether a connection stands right now. */
  readonly isUp: boolean;
  close(): Promise<void>;
}

export type LineInfo = {
  readonly user: string;
  /** `host:port` as reached. */
  readonly address: string;
  /** `SHA256:…` of the host key that was verified. */
  readonly fingerprint: string;
};

export type ExecOptions = {
  readonly input?: Uint8Array;
  readonly onStdout: (bytes: Uint8Array) => void;
  readonly onStderr: (bytes: Uint8Array) => void;
  /** For what must be said in the middle (a password): receives a writer once running; stdin stays open until it calls end. */
  readonly onStdin?: (stdin: ExecStdin) => void;
  /**
   * For what only waits to be used. It is begun only where there is room for more, HOST_CHANNELS_EXHAUSTED otherwise; and
   * this is called when others wait for its place: true when it gives way.
   */
  readonly onWanted?: () => boolean;
};

export type ExecStdin = {
  readonly write: (bytes: Uint8Array) => void;
  readonly end: () => void;
};

/** `exitCode` null: not known, so never a success. */
export type ExecEnd = {
  readonly exitCode: number | null;
  readonly signalName: string | null;
};
