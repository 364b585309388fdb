import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a client says to end its transaction well, as it stands on the line. */
const commit = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from('COMMIT\0')]);

export type LosingCommit = Awaited<ReturnType<typeof losingCommit>>;

/**
 * A way to the server on which the answer to the first COMMIT of the session of that name is lost, and its line with it. The COMMIT
 * itself is held until `letGo`, so that a test knows what came before.
 */
export async function losingCommit(serverPort: number, session: string) {
  let isCommitSeen = false;
  let letGo = (): void => undefined;
  const mayGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    let isOurs = false;
    for (const end of [near, far]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      isOurs ||= bytes.includes(`application_name\0${session}\0`);
      if (!isOurs || isCommitSeen || !bytes.includes(commit)) {
        far.write(bytes);
        return;
      }
      isCommitSeen = true;
      far.removeAllListeners('data');
      // The server has answered: it is committed, and the client does not hear it.
      far.once('data', () => near.destroy());
      void mayGo.then(() => far.write(bytes));
    });
    far.on('data', (bytes) => near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    isCommitSeen: () => isCommitSeen,
    letGo: () => {
      letGo();
    },
  };
}
