import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a client says to end its transaction well, as it stands on the line. */
const commit = Buffer.from([0x51, 0, 0, 0, 11, ...Buffer.from('COMMIT\0')]);

export type WatchedCommit = Awaited<ReturnType<typeof watchedCommit>>;

/**
 * A way to the server on which the first COMMIT of the session of that name is held until `letGo`, so that a test knows what came
 * before. Its answer is lost, and its line with it; or it is held as well until `letAnswer`, as by a server that still works at it.
 */
export async function watchedCommit(
  serverPort: number,
  session: string,
  answer: 'is lost' | 'is held',
) {
  let isCommitSeen = false;
  let letAnswer = (): void => undefined;
  const mayAnswer = new Promise<void>((resolve) => {
    letAnswer = resolve;
  });
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
      far.once('data', (answered) => {
        if (answer === 'is lost') {
          near.destroy();
          return;
        }
        far.pause();
        void mayAnswer.then(() => {
          near.write(answered);
          far.on('data', (later) => near.write(later));
          far.resume();
        });
      });
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
    letAnswer: () => {
      letAnswer();
    },
  };
}
