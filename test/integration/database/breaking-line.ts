import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Break = {
  /** The session that says it. */
  readonly session: string;
  /** Of the first message that holds this the answer is not heard, though the server gets it and goes on. */
  readonly at: string;
  /** What is still heard of it, where the line breaks only behind it. */
  readonly behindItsAnswer?: boolean;
  /** Whether another session gets through afterwards. */
  readonly afterwards: 'nobody answers' | 'all is well';
};

/**
 * A way to the server that breaks at a word of one session. The server's end stays open, as where a firewall forgot the line: what
 * that session has begun goes on there.
 */
export async function breakingLine(serverPort: number, plan: Break) {
  let isBroken = false;
  const server = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    let isOurs = false;
    let isLost = false;
    const breakIt = (): void => {
      isBroken = true;
      isLost = true;
      near.destroy();
    };
    near.on('error', () => undefined);
    far.on('error', () => undefined);
    far.on('close', () => near.destroy());
    near.on('close', () => {
      if (!isLost) {
        far.destroy();
      }
    });
    near.on('data', (bytes) => {
      isOurs ||= bytes.includes(`application_name\0${plan.session}\0`);
      if (isOurs && isBroken && plan.afterwards === 'nobody answers') {
        near.destroy();
        return;
      }
      far.write(bytes);
      if (isOurs && !isBroken && bytes.includes(plan.at)) {
        if (plan.behindItsAnswer === true) {
          isBroken = true;
          return;
        }
        breakIt();
      }
    });
    far.on('data', (bytes) => {
      if (!isLost) {
        near.write(bytes);
      }
    });
    onTestFinished(() => {
      far.destroy();
      near.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, isBroken: () => isBroken };
}
