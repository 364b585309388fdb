import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST = 20_000;
const COUNT = 9_000;
const TRIES = 60;

/**
 * A port for the practice service that is free now. Below the range systems hand out for outgoing connections,
 * so that it is likely still free when the world is opened again; `preferred` first, when it is free.
 */
export async function findFreePort(seed: string, preferred: number | null): Promise<number | null> {
  const start = createHash('sha256').update(seed).digest().readUInt32BE(0);
  const candidates = Array.from(
    { length: TRIES },
    (_, index) => FIRST + ((start + index * 7) % COUNT),
  );
  for (const port of preferred === null ? candidates : [preferred, ...candidates]) {
    if (await isFree(port)) {
      return port;
    }
  }
  return null;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: '127.0.0.1', port }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
