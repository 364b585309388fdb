import type { Readable } from 'node:stream';
import type { SshChannel } from './connection.js';
import type { ExecEnd, ExecOptions } from './line.js';

export type ChannelFailures = {
  readonly stopped: () => Error;
  readonly lost: () => Error;
};

/** Feeds and drains one running command. Rejects when the line went away under it or the signal fired. */
export function runChannel(
  channel: SshChannel,
  options: ExecOptions,
  signal: AbortSignal,
  failures: ChannelFailures,
): Promise<ExecEnd> {
  return new Promise((resolve, reject) => {
    const fail = (thrown: Error): void => {
      reject(thrown);
      channel.close();
    };
    const onAbort = (): void => {
      fail(failures.stopped());
    };
    signal.addEventListener('abort', onAbort, { once: true });
    drain(channel.stdout, options.onStdout, fail);
    drain(channel.stderr, options.onStderr, fail);
    void channel.end.then((end) => {
      signal.removeEventListener('abort', onAbort);
      switch (end.kind) {
        case 'cut':
          reject(failures.lost());
          break;
        case 'refused':
          reject(end.error);
          break;
        case 'exit':
          resolve({ exitCode: end.exitCode, signalName: end.signalName });
      }
    });
    if (signal.aborted) {
      onAbort();
      return;
    }
    try {
      feed(channel, options);
    } catch (thrown) {
      fail(thrown instanceof Error ? thrown : new Error('a writer failed', { cause: thrown }));
    }
  });
}

/** Reads on whatever happens to the reader: a full window would stall the command on the other side. */
function drain(
  stream: Readable,
  onBytes: (bytes: Uint8Array) => void,
  onFailure: (thrown: Error) => void,
): void {
  let isFailed = false;
  stream.on('data', (bytes: Buffer) => {
    if (isFailed) {
      return;
    }
    try {
      onBytes(bytes);
    } catch (thrown) {
      isFailed = true;
      onFailure(thrown instanceof Error ? thrown : new Error('a reader failed', { cause: thrown }));
    }
  });
}

function feed({ stdin }: SshChannel, { input, onStdin }: ExecOptions): void {
  if (input !== undefined) {
    stdin.write(input);
  }
  if (onStdin === undefined) {
    stdin.end();
    return;
  }
  onStdin({
    write: (bytes) => {
      stdin.write(bytes);
    },
    end: () => {
      stdin.end();
    },
  });
}
