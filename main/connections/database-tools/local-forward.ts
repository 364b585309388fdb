import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Duplex } from 'node:stream';

export type LocalForward = { readonly port: number; close(): Promise<void> };

/** A port on this laptop's loopback that leads where `connect` leads, for programs that can only dial. */
export async function openLocalForward(
  connect: (signal: AbortSignal) => Promise<Duplex>,
): Promise<LocalForward> {
  const over = new AbortController();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    connect(over.signal).then(
      (far) => {
        pipeline(socket, far, () => undefined);
        pipeline(far, socket, () => undefined);
      },
      () => socket.destroy(),
    );
  });
  const port = await listen(server);
  return {
    port,
    close: () => {
      over.abort();
      for (const socket of sockets) {
        socket.destroy();
      }
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
