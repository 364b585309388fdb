import type { Duplex } from 'node:stream';

/** One verified way to a machine: runs command lines, opens connections. It may drop; then everything under way rejects with HOST_LINE_LOST. */
export interface HostLine {
  /** Connects and verifies where that has not happened yet. Rejects with HOST_UNREACHABLE, HOST_KEY_…, HOST_LOGIN_REFUSED. */
  open(signal: AbortSignal): Promise<LineInfo>;
  /** Runs one command line through the account's shell with `input` on stdin (then closed). Both outputs are drained always; bytes as they come. */
  exec(
    command: string,
    options: {
      readonly input?: Uint8Array;
      readonly onStdout: (bytes: Uint8Array) => void;
      readonly onStderr: (bytes: Uint8Array) => void;
      /** For what must be said in the middle (a password): receives a writer once running; stdin stays open until it calls end. */
      readonly onStdin?: (stdin: { write(bytes: Uint8Array): void; end(): void }) => void;
    },
    signal: AbortSignal,
  ): Promise<{ readonly exitCode: number | null; readonly signalName: string | null }>;
  connect(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
  /** Whether a connection stands right now. */
  readonly isUp: boolean;
  close(): Promise<void>;
}
export type LineInfo = {
  readonly user: string;
  readonly address: string;
  readonly fingerprint: string;
};
